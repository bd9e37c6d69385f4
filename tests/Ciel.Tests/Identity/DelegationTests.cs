using System.Text.Json;

namespace Ciel.Tests.Identity;

public class DelegationTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AnApplicationCredentialLendsWhatItNames(string kind)
    {
        await using var cloud = await IdentityCloud.Start(kind);
        var (project, token) = await cloud.Cloud.Tenant("a");
        var user = (await cloud.Get("users?name=a")).GetProperty("users")[0].GetProperty("id").GetString()!;
        var made = await Credential(cloud, user, token, new { name = "c", roles = (object[])[new { name = "reader" }] });
        var lent = await cloud.Login(ByCredential(made));
        lent.Body.GetProperty("token").GetProperty("roles").EnumerateArray().Select(r => r.GetProperty("name").GetString()).ShouldBe(["reader"]);
        lent.Body.GetProperty("token").GetProperty("project").GetProperty("id").GetString().ShouldBe(project);

        (await cloud.Login(ByCredential(made), IdentityCloud.Domain("default"))).Status.ShouldBe(401);
        (await cloud.Login(IdentityCloud.ByToken(lent.Token!), new { system = new { all = true } })).Status.ShouldBe(401);
        var again = await cloud.Login(IdentityCloud.ByToken(lent.Token!));
        again.Body.GetProperty("token").GetProperty("roles").GetArrayLength().ShouldBe(1, "what comes of a credential stays as narrow");
        (await cloud.Status(HttpMethod.Post, $"users/{user}/application_credentials", lent.Token, new { application_credential = new { name = "d" } })).ShouldBe(403);
        (await cloud.Status(HttpMethod.Post, $"users/{user}/credentials/OS-EC2", lent.Token, new { tenant_id = project })).ShouldBe(403);

        await cloud.Cloud.Send(HttpMethod.Delete, $"/identity/v3/users/{user}/application_credentials/{made.GetProperty("id").GetString()}", token);
        (await cloud.Good(lent.Token!)).ShouldBeFalse();
        (await cloud.Good(again.Token!)).ShouldBeFalse();
        (await cloud.Login(ByCredential(made))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task AccessRulesHoldAtEveryDoor()
    {
        await using var cloud = await IdentityCloud.Start();
        var (_, token) = await cloud.Cloud.Tenant("a");
        var user = (await cloud.Get("users?name=a")).GetProperty("users")[0].GetProperty("id").GetString()!;
        var made = await Credential(cloud, user, token, new { name = "c", access_rules = (object[])[new { service = "identity", method = "GET", path = "/v3/auth/*" }] });
        var narrow = (await cloud.Login(ByCredential(made))).Token!;
        (await cloud.Status(HttpMethod.Get, "auth/projects", narrow)).ShouldBe(200);
        (await cloud.Status(HttpMethod.Get, "users/" + user, narrow)).ShouldBe(401);
        (await cloud.Status(HttpMethod.Head, "auth/projects", narrow)).ShouldBe(401);
        using var network = await cloud.Cloud.Raw(HttpMethod.Get, "/network/v2.0/networks", narrow);
        ((int)network.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task NobodyLendsMoreThanTheyHave()
    {
        await using var cloud = await IdentityCloud.Start();
        var (_, token) = await cloud.Cloud.Tenant("a");
        var user = (await cloud.Get("users?name=a")).GetProperty("users")[0].GetProperty("id").GetString()!;
        foreach (var fields in new object[]
        {
            new { name = "c", roles = (object[])[new { name = "admin" }] },
            new { name = "c", expires_at = "2001-01-01T00:00:00Z" },
            new { name = "c", expires_at = "soon" },
            new { name = "c", access_rules = (object[])[new { service = "identity", method = "BREW", path = "/" }] },
            new { name = "c", project_id = "0123456789abcdef0123456789abcdef" },
            new { },
        })
        {
            (await cloud.Status(HttpMethod.Post, $"users/{user}/application_credentials", token, new { application_credential = fields })).ShouldBe(400, JsonSerializer.Serialize(fields));
        }
    }

    [Fact]
    public async Task ATrustEndsWithItsUsesOrItsTrustor()
    {
        await using var cloud = await IdentityCloud.Start();
        var (project, token) = await cloud.Cloud.Tenant("a");
        var trustor = (await cloud.Get("users?name=a")).GetProperty("users")[0].GetProperty("id").GetString()!;
        var trustee = await cloud.User("trustee");
        var trust = (await cloud.Post(
            "OS-TRUST/trusts",
            new { trust = new { trustor_user_id = trustor, trustee_user_id = trustee, project_id = project, impersonation = true, remaining_uses = 2, roles = (object[])[new { name = "member" }] } },
            token)).GetProperty("trust").GetProperty("id").GetString()!;
        var scope = new Dictionary<string, object> { ["OS-TRUST:trust"] = new { id = trust } };
        var lent = await cloud.LoginAs(trustee, scope);
        lent.Body.GetProperty("token").GetProperty("user").GetProperty("id").GetString().ShouldBe(trustor);
        (await cloud.Login(IdentityCloud.ByToken(lent.Token!))).Status.ShouldBe(403, "a trust's token begets none");
        (await cloud.Status(HttpMethod.Post, $"users/{trustor}/application_credentials", lent.Token, new { application_credential = new { name = "d" } })).ShouldBe(403);
        (await cloud.LoginAs(trustee, scope)).Status.ShouldBe(201);
        (await cloud.LoginAs(trustee, scope)).Status.ShouldBe(403, "both uses are spent");
        (await cloud.LoginAs(trustor, scope, "a long secret of a")).Status.ShouldBe(403, "only the trustee may use it");
        await cloud.Patch("users/" + trustor, new { user = new { enabled = false } });
        (await cloud.Good(lent.Token!)).ShouldBeFalse();
    }

    private static async Task<JsonElement> Credential(IdentityCloud cloud, string user, string token, object fields) =>
        (await cloud.Post($"users/{user}/application_credentials", new { application_credential = fields }, token)).GetProperty("application_credential");

    private static object ByCredential(JsonElement made) => new
    {
        methods = (string[])["application_credential"],
        application_credential = new { id = made.GetProperty("id").GetString(), secret = made.GetProperty("secret").GetString() },
    };
}
