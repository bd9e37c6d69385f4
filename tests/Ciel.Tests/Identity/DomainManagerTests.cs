namespace Ciel.Tests.Identity;

/// <summary>A domain's manager rules the domain and nothing beyond it.</summary>
public class DomainManagerTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task InTheDomainAndNowhereElse(string kind)
    {
        await using var cloud = await IdentityCloud.Start(kind);
        var (mine, other) = (await cloud.Make("domain", new { name = "mine" }), await cloud.Make("domain", new { name = "other" }));
        var manager = await cloud.User("manager", mine);
        await cloud.Put($"domains/{mine}/users/{manager}/roles/{await cloud.Role("manager")}");
        var token = (await cloud.LoginAs(manager, IdentityCloud.Domain(mine))).Token!;
        var stranger = await cloud.User("stranger", other);

        var user = (await cloud.Post("users", new { user = new { name = "u" } }, token)).GetProperty("user");
        user.GetProperty("domain_id").GetString().ShouldBe(mine);
        var project = (await cloud.Post("projects", new { project = new { name = "p" } }, token)).GetProperty("project").GetProperty("id").GetString()!;
        var id = user.GetProperty("id").GetString()!;
        (await cloud.Status(HttpMethod.Put, $"projects/{project}/users/{id}/roles/{await cloud.Role("member")}", token)).ShouldBe(204);
        (await cloud.Get("users", token)).GetProperty("users").EnumerateArray().ShouldAllBe(u => u.GetProperty("domain_id").GetString() == mine);
        (await cloud.Get("projects", token)).GetProperty("projects").GetArrayLength().ShouldBe(1);

        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Post, "users", new { user = new { name = "x", domain_id = other } }),
            (HttpMethod.Post, "projects", new { project = new { name = "x", domain_id = other } }),
            (HttpMethod.Post, "domains", new { domain = new { name = "x" } }),
            (HttpMethod.Post, "roles", new { role = new { name = "x" } }),
            (HttpMethod.Get, "users/" + stranger, null),
            (HttpMethod.Get, "users/missing", null),
            (HttpMethod.Get, "users?domain_id=" + other, null),
            (HttpMethod.Get, "projects?domain_id=" + other, null),
            (HttpMethod.Patch, "users/" + stranger, new { user = new { password = "taken over" } }),
            (HttpMethod.Delete, "users/" + stranger, null),
            (HttpMethod.Put, $"projects/{project}/users/{stranger}/roles/{await cloud.Role("member")}", null),
            (HttpMethod.Put, $"projects/{project}/users/{id}/roles/{await cloud.Role("admin")}", null),
            (HttpMethod.Put, $"domains/{mine}/users/{id}/roles/{await cloud.Role("admin")}", null),
            (HttpMethod.Put, $"system/users/{id}/roles/{await cloud.Role("reader")}", null),
            (HttpMethod.Patch, "domains/" + mine, new { domain = new { name = "x" } }),
        })
        {
            (await cloud.Status(method, path, token, body)).ShouldBe(403, $"{method} {path}");
        }
    }

    [Fact]
    public async Task NobodyTakesOverAnAdminByThePassword()
    {
        await using var cloud = await IdentityCloud.Start();
        var manager = await cloud.User("manager");
        await cloud.Put($"domains/default/users/{manager}/roles/{await cloud.Role("manager")}");
        var token = (await cloud.LoginAs(manager, IdentityCloud.Domain("default"))).Token!;
        var admin = (await cloud.Get("users?name=admin")).GetProperty("users")[0].GetProperty("id").GetString()!;
        (await cloud.Status(HttpMethod.Patch, "users/" + admin, token, new { user = new { password = "taken over" } })).ShouldBe(403);
        (await cloud.Status(HttpMethod.Delete, "users/" + admin, token)).ShouldBe(403);
        var group = await cloud.Make("group", new { name = "operators" });
        await cloud.Put($"projects/{await cloud.Make("project", new { name = "p" })}/groups/{group}/roles/{await cloud.Role("admin")}");
        (await cloud.Status(HttpMethod.Put, $"groups/{group}/users/{manager}", token)).ShouldBe(403);
    }
}
