using System.Net;
using System.Text.Json;

namespace Ciel.Tests.Identity;

public class LoginTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AdminLogsInAndSeesTheOwnToken(string kind)
    {
        await using var cloud = await TestCloud.Start(kind);
        var token = await cloud.AdminToken();
        token.Length.ShouldBeInRange(100, 200);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/identity/v3/auth/tokens");
        request.Headers.Add("X-Auth-Token", token);
        request.Headers.Add("X-Subject-Token", token);
        using var answer = await cloud.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        answer.Headers.Vary.ShouldContain("X-Auth-Token");
        var body = JsonDocument.Parse(text).RootElement.GetProperty("token");
        body.GetProperty("roles").EnumerateArray().Select(r => r.GetProperty("name").GetString()).ShouldBe(["admin", "manager", "member", "reader"]);
        body.GetProperty("project").GetProperty("domain").GetProperty("name").GetString().ShouldBe("Default");
        text.ShouldContain(cloud.Client.BaseAddress + "compute/v2.1");
    }

    [Fact]
    public async Task ScopesAreWhatWasAskedFor()
    {
        await using var cloud = await IdentityCloud.Start();
        var user = await cloud.User("u");
        var (project, member) = (await cloud.Make("project", new { name = "p" }), await cloud.Role("member"));
        (await cloud.LoginAs(user)).Body.GetProperty("token").TryGetProperty("project", out _).ShouldBeFalse("no default project");
        await cloud.Put($"projects/{project}/users/{user}/roles/{member}");
        await cloud.Put($"domains/default/users/{user}/roles/{member}");
        await cloud.Put($"system/users/{user}/roles/{member}");

        Token(await cloud.LoginAs(user, IdentityCloud.Project(project))).GetProperty("project").GetProperty("id").GetString().ShouldBe(project);
        Token(await cloud.LoginAs(user, IdentityCloud.Domain("default"))).GetProperty("domain").GetProperty("name").GetString().ShouldBe("Default");
        Token(await cloud.LoginAs(user, new { system = new { all = true } })).GetProperty("system").GetProperty("all").GetBoolean().ShouldBeTrue();
        await cloud.Patch("users/" + user, new { user = new { default_project_id = project } });
        Token(await cloud.LoginAs(user)).GetProperty("project").GetProperty("id").GetString().ShouldBe(project, "the default project");
        Token(await cloud.LoginAs(user, "unscoped")).TryGetProperty("catalog", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task EveryWrongLoginGetsTheSame401()
    {
        await using var cloud = await IdentityCloud.Start();
        var user = await cloud.User("u");
        var disabled = await cloud.Make("user", new { name = "d", password = IdentityCloud.Password, enabled = false });
        var bare = await cloud.Make("user", new { name = "nopassword" });
        var project = await cloud.Make("project", new { name = "p" });
        var answers = new[]
        {
            await cloud.LoginAs(user, password: "wrong"),
            await cloud.LoginAs(user, password: ""),
            await cloud.LoginAs("0123456789abcdef0123456789abcdef"),
            await cloud.LoginAs(disabled),
            await cloud.LoginAs(bare),
            await cloud.LoginAs(user, IdentityCloud.Project(project)),
            await cloud.LoginAs(user, IdentityCloud.Project("missing")),
            await cloud.LoginAs(user, IdentityCloud.Domain("default")),
            await cloud.LoginAs(user, new { system = new { all = true } }),
            await cloud.Login(new { methods = (string[])["application_credential"], application_credential = new { id = "x", secret = "y" } }),
            await cloud.Login(new { methods = (string[])["password"], password = new { user = new { name = "u", domain = new { name = "Nowhere" }, password = IdentityCloud.Password } } }),
        };
        answers.ShouldAllBe(a => a.Status == 401 && a.Token == null);
        answers.Select(a => a.Body.GetRawText()).Distinct().ShouldBe(["""{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}"""]);
    }

    [Fact]
    public async Task A401SaysWhereToLogIn()
    {
        await using var cloud = await IdentityCloud.Start();
        using var answer = await cloud.Cloud.Raw(HttpMethod.Get, "/identity/v3/users", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe($"Keystone uri=\"{cloud.Cloud.Client.BaseAddress}identity\"");
    }

    [Fact]
    public async Task ATokenForATokenKeepsItsEnd()
    {
        await using var cloud = await IdentityCloud.Start();
        var user = await cloud.User("u");
        var project = await cloud.Make("project", new { name = "p" });
        await cloud.Put($"projects/{project}/users/{user}/roles/{await cloud.Role("member")}");
        var first = await cloud.LoginAs(user);
        var second = await cloud.Login(IdentityCloud.ByToken(first.Token!), IdentityCloud.Project(project));
        Token(second).GetProperty("expires_at").GetString().ShouldBe(Token(first).GetProperty("expires_at").GetString());
        Token(second).GetProperty("methods").EnumerateArray().Select(m => m.GetString()).ShouldBe(["password", "token"]);
        Token(second).GetProperty("audit_ids")[1].GetString().ShouldBe(Token(first).GetProperty("audit_ids")[0].GetString());
        (await cloud.Login(IdentityCloud.ByToken(first.Token!), IdentityCloud.Domain("default"))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task AVoidTokenBegetsNone()
    {
        await using var cloud = await IdentityCloud.Start();
        var user = await cloud.User("u");
        var token = (await cloud.LoginAs(user)).Token!;
        await cloud.Patch("users/" + user, new { user = new { password = "another one" } });
        (await cloud.Login(IdentityCloud.ByToken(token))).Status.ShouldBe(404);
        (await cloud.Login(IdentityCloud.ByToken("nonsense"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task DiscoveryNeedsNoToken()
    {
        await using var cloud = await IdentityCloud.Start();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = cloud.Cloud.Client.BaseAddress };
        foreach (var (path, status) in new[] { ("/identity", 300), ("/identity/", 300), ("/identity/v3", 200), ("/identity/v3/", 200) })
        {
            using var answer = await client.GetAsync(path);
            ((int)answer.StatusCode).ShouldBe(status, path);
            (await answer.Content.ReadAsStringAsync()).ShouldContain($"{cloud.Cloud.Client.BaseAddress}identity/v3/");
        }
    }

    private static JsonElement Token((int Status, string? Token, JsonElement Body) answer)
    {
        answer.Status.ShouldBe(201, answer.Body.GetRawText());
        return answer.Body.GetProperty("token");
    }
}
