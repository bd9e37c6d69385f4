using System.Text;

namespace Ciel.Tests.Attack;

/// <summary>Every route with another tenant's ids: nothing is shown, and nothing is changed.</summary>
public class OtherTenantTests
{
    // The cloud's own limits, the same under any id: Nova shows them to all.
    private const string Defaults = "/compute/v2.1/os-quota-sets/{project}/defaults";

    private static readonly string[] Verbs =
    [
        "addFloatingIp", "addSecurityGroup", "changePassword", "confirmResize", "createBackup", "createImage", "evacuate", "forceDelete", "lock", "migrate", "os-getConsoleOutput",
        "os-getVNCConsole", "os-migrateLive", "os-resetState", "os-start", "os-stop", "pause", "reboot", "rebuild", "removeSecurityGroup", "rescue", "resetNetwork", "resize", "restore",
        "resume", "revertResize", "shelve", "suspend", "trigger_crash_dump", "unlock", "unpause", "unrescue", "unshelve",
    ];

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task NothingIsShownAndNothingChanges(string kind)
    {
        await using var cloud = await TestCloud.Start(kind);
        var alice = await Estate.Make(cloud, "alice");
        var (_, bob) = await cloud.Tenant("bob");
        var before = await WholeStore.RowsThatName(cloud.Db, alice.Ids);
        before.Count.ShouldBeGreaterThan(30);
        var wrong = new List<string>();
        foreach (var route in Walk.Routes(cloud).Where(r => !r.Open))
        {
            if (route.Pattern == Defaults)
            {
                continue;
            }

            var path = route.Fill(alice.Fill);
            foreach (var body in Bodies(route, alice))
            {
                await Ask(cloud, alice, route.Method, path, bob, body, wrong);
            }
        }

        foreach (var deed in alice.Deeds)
        {
            await Ask(cloud, alice, deed.Method.Method, deed.Path, bob, deed.Body, wrong);
        }

        wrong.ShouldBeEmpty();
        (await WholeStore.RowsThatName(cloud.Db, alice.Ids)).ShouldBe(before);
    }

    private static IEnumerable<string?> Bodies(WalkedRoute route, Estate alice)
    {
        if (!route.Writes)
        {
            return [null];
        }

        var segments = route.Pattern.Split('/').Where(s => !s.StartsWith('{')).ToArray();
        var kind = segments[^1].Replace("os-", "", StringComparison.Ordinal).Replace('-', '_').TrimEnd('s');
        return segments[^1] == "action" ? Verbs.SelectMany(v => (string[])[$"{{\"{v}\":null}}", $"{{\"{v}\":{{}}}}", $"{{\"{v}\":{{\"name\":\"x\",\"type\":\"HARD\",\"flavorRef\":\"1\",\"imageRef\":\"{alice["images"]}\"}}}}"])
            : route.Method == "PATCH" && route.Door == "/image" ? ["""[{"op":"replace","path":"/name","value":"taken"}]""", """[{"op":"replace","path":"/visibility","value":"public"}]"""]
            : ["{}", $"{{\"{kind}\":{{}}}}", $"{{\"{kind}\":{{\"name\":\"taken\"}}}}", """{"metadata":{"a":"taken"}}""", """{"tags":["taken"]}""", """{"status":"accepted"}""", """{"method":{"name":"glance-direct"}}"""];
    }

    private static async Task Ask(TestCloud cloud, Estate alice, string method, string path, string bob, string? body, List<string> wrong)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Auth-Token", bob);
        request.Headers.Add("X-Subject-Token", alice.Token);
        request.Headers.TryAddWithoutValidation("OpenStack-API-Version", "compute 2.26");
        if (body is not null)
        {
            var type = body[0] == '[' ? "application/openstack-images-v2.1-json-patch" : path.EndsWith("/file", StringComparison.Ordinal) || path.EndsWith("/stage", StringComparison.Ordinal) ? "application/octet-stream" : "application/json";
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new(type);
        }

        using var answer = await cloud.Client.SendAsync(request);
        if (await Words.Wrong(answer) is { } problem)
        {
            wrong.Add($"{method} {path} {body}: {problem}");
        }

        var asked = path + " " + body;
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.IsSuccessStatusCode && (alice.Ids.Any(asked.Contains) || alice.Ids.Any(text.Contains)))
        {
            wrong.Add($"{method} {path} {body}: {(int)answer.StatusCode} {text[..Math.Min(text.Length, 200)]}");
        }
    }
}
