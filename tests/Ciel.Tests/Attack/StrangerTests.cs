using System.Net.Http.Headers;
using Ciel.Core.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Attack;

/// <summary>Every route, asked by one who may not.</summary>
public class StrangerTests
{
    /// <summary>The routes that need no token; a new one is added here on purpose or not at all.</summary>
    private static readonly string[] Open =
    [
        "GET /compute/", "GET /compute/v2", "GET /compute/v2.1", "GET /identity/", "GET /identity/v3", "GET /image", "GET /image/versions", "GET /network", "GET /network/v2.0", "GET /rating",
        "POST /billing/v1/payment-providers/{provider}/events", "POST /identity/v3/auth/tokens", "POST /identity/v3/users/{id}/password",
    ];

    [Fact]
    public async Task OnlyTheRoutesThatSaySoAreOpen()
    {
        await using var cloud = await TestCloud.Start();
        Walk.Routes(cloud).Where(r => r.Open).Select(r => r.ToString()).Order(StringComparer.Ordinal).ShouldBe(Open);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task WithoutAGoodTokenEveryOtherRouteAnswers401(string kind)
    {
        await using var cloud = await TestCloud.Start(kind);
        var (project, good) = await cloud.Tenant("alice");
        var revoked = await cloud.Token("alice", "a long secret of alice", "alice");
        using (var revoke = new HttpRequestMessage(HttpMethod.Delete, "/identity/v3/auth/tokens") { Headers = { { "X-Auth-Token", good }, { "X-Subject-Token", revoked } } })
        {
            (await cloud.Client.SendAsync(revoke)).EnsureSuccessStatusCode();
        }

        string?[] tokens = [null, "", "nonsense", new('A', 7000), good[..^2] + (good[^2..] == "AA" ? "BB" : "AA"), good + "A", "Bearer " + good, revoked, await Expired(cloud, good)];
        var wrong = new List<string>();
        foreach (var route in Walk.Routes(cloud).Where(r => !r.Open))
        {
            foreach (var token in tokens)
            {
                await Ask(cloud, route, route.Fill((_, _) => project), token, wrong);
            }
        }

        wrong.ShouldBeEmpty();
    }

    // The same token as an hour and a day ago: sealed with the cloud's own key, so that only its age is wrong.
    private static async Task<string> Expired(TestCloud cloud, string good)
    {
        var sealer = cloud.Host.Parts.GetRequiredService<TokenSealer>();
        var content = (await sealer.Open(good))!;
        const long Day = 86_400_000_000;
        return await sealer.Seal(content with { AuditId = sealer.AuditId(), IssuedAt = content.IssuedAt - Day, ExpiresAt = content.ExpiresAt - Day });
    }

    private static async Task Ask(TestCloud cloud, WalkedRoute route, string path, string? token, List<string> wrong)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), path);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Auth-Token", token);
        }

        if (route.Writes)
        {
            request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        }

        using var answer = await cloud.Client.SendAsync(request);
        if ((int)answer.StatusCode != 401 || !answer.Headers.Contains("WWW-Authenticate"))
        {
            wrong.Add($"{route} with {token}: {(int)answer.StatusCode}");
        }

        if (await Words.Wrong(answer) is { } problem)
        {
            wrong.Add($"{route} with {token}: {problem}");
        }
    }
}
