using System.Text;
using System.Text.Json.Nodes;

namespace Ciel.Tests.Attack;

/// <summary>Numbers and dates at the ends of what can be written, in every body that billing takes: whatever of it is accepted, no route of bills or ratings fails of it afterwards.</summary>
public class ExtremeBillsTests
{
    private static readonly string[] Values =
    [
        "999999999999999999", "999999999999999999.9999999999", "0.0000000001", "1000000000000", "9223372036854775807", "\"9999-12-31\"", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01\"", "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59-14:00\"", "\"1969-12-31T23:59:59Z\"", "\"999999999 TiB-month\"", "\"Pacific/Kiritimati\"", "\"KWD\"", "\"JPY\"",
    ];

    [Fact]
    public async Task NoNumberAndNoDateMakesARouteFail()
    {
        await using var cloud = await TestCloud.Start();
        var estate = await Estate.Make(cloud, "alice");
        var admin = await cloud.AdminToken();
        var reads = Walk.Routes(cloud).Where(r => r.Method == "GET" && r.Door is "/billing" or "/rating").Select(r => r.Fill(estate.Fill)).Distinct().ToList();
        reads.Count.ShouldBeGreaterThan(30);
        var (wrong, accepted) = (new List<string>(), 0);
        foreach (var deed in estate.Deeds.Where(d => d.Path.StartsWith("/billing", StringComparison.Ordinal)))
        {
            foreach (var body in Spoiled(deed.Body))
            {
                using var answer = await cloud.Raw(deed.Method, deed.Path, admin, new StringContent(body, Encoding.UTF8, "application/json"));
                if (await Words.Wrong(answer) is { } problem)
                {
                    wrong.Add($"{deed.Method} {deed.Path} {body}: {problem}");
                }

                accepted += answer.IsSuccessStatusCode ? 1 : 0;
            }

            foreach (var path in reads)
            {
                await Look(cloud, path, admin, deed.Path, wrong);
            }
        }

        foreach (var query in (string[])["?begin=0001-01-01&end=9999-12-31", "?begin=9999-12-30&end=9999-12-31", "?begin=0001-01-01&end=0001-01-02", "?from=0001-01-01&to=9999-12-31", "?limit=2147483647&offset=2147483647"])
        {
            foreach (var path in reads)
            {
                await Look(cloud, path + query, admin, "", wrong);
            }
        }

        wrong.ShouldBeEmpty();
        accepted.ShouldBeGreaterThan(20, "some extremes are good input");
        await Sound.Check(cloud);
    }

    private static IEnumerable<string> Spoiled(string body) => Values.SelectMany(value => Leaves(JsonNode.Parse(body)!).Select(leaf =>
    {
        var root = JsonNode.Parse(body)!;
        var places = Places(root).ToList();
        places[leaf].Replace(JsonNode.Parse(value));
        return root.ToJsonString();
    }));

    private static IEnumerable<int> Leaves(JsonNode root) => Enumerable.Range(0, Places(root).Count());

    private static IEnumerable<(JsonNode Node, Action<JsonNode?> Replace)> Places(JsonNode node) => node switch
    {
        JsonObject o => o.ToList().SelectMany(p => p.Value is JsonObject or JsonArray ? Places(p.Value) : [(p.Value!, v => o[p.Key] = v)]),
        JsonArray a => Enumerable.Range(0, a.Count).SelectMany(i => a[i] is JsonObject or JsonArray ? Places(a[i]!) : [(a[i]!, v => a[i] = v)]),
        _ => [],
    };

    private static async Task Look(TestCloud cloud, string path, string token, string after, List<string> wrong)
    {
        using var answer = await cloud.Raw(HttpMethod.Get, path, token);
        if (await Words.Wrong(answer) is { } problem)
        {
            wrong.Add($"GET {path} after {after}: {problem}");
        }
    }
}
