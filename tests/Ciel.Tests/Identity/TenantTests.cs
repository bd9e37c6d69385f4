namespace Ciel.Tests.Identity;

/// <summary>Members and readers of one project learn nothing of others, nor whether they exist.</summary>
public class TenantTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task CrossedTenantsAre403(string kind)
    {
        await using var cloud = await IdentityCloud.Start(kind);
        var (project, token) = await cloud.Cloud.Tenant("a");
        var (other, _) = await cloud.Cloud.Tenant("b");
        var (_, reader) = await cloud.Cloud.Tenant("c", "reader");
        var users = (await cloud.Get("users")).GetProperty("users").EnumerateArray().ToDictionary(u => u.GetProperty("name").GetString()!, u => u.GetProperty("id").GetString()!);
        (await cloud.Status(HttpMethod.Get, "projects/" + project, token)).ShouldBe(200);
        (await cloud.Status(HttpMethod.Get, "users/" + users["a"], token)).ShouldBe(200);
        (await cloud.Status(HttpMethod.Get, $"users/{users["a"]}/projects", token)).ShouldBe(200);
        (await cloud.Status(HttpMethod.Get, "domains/default", token)).ShouldBe(200);
        foreach (var path in new[]
        {
            "projects", "projects/" + other, "projects/missing", "users", "users/" + users["b"], "users/missing", $"users/{users["b"]}/projects", "domains", "domains/missing",
            "groups", "groups/missing", "roles", "role_assignments", "role_inferences", "services", "endpoints", "policies", "OS-OAUTH1/consumers",
            "OS-EP-FILTER/endpoint_groups", "OS-TRUST/trusts", $"users/{users["b"]}/credentials/OS-EC2", $"users/{users["b"]}/application_credentials",
            $"users/{users["b"]}/access_rules", "credentials/missing", $"projects/{other}/tags", $"projects/{other}/users/{users["b"]}/roles", "domains/default/config",
        })
        {
            (await cloud.Status(HttpMethod.Get, path, token)).ShouldBe(403, path);
            (await cloud.Status(HttpMethod.Get, path, reader)).ShouldBe(403, path);
        }

        (await cloud.Status(HttpMethod.Post, $"users/{users["b"]}/application_credentials", token, new { application_credential = new { name = "x" } })).ShouldBe(403);
        (await cloud.Status(HttpMethod.Post, $"users/{users["b"]}/credentials/OS-EC2", token, new { tenant_id = other })).ShouldBe(403);
        (await cloud.Status(HttpMethod.Post, $"users/{users["a"]}/credentials/OS-EC2", token, new { tenant_id = other })).ShouldBe(404, "no key for a project that is not theirs");
        (await cloud.Get("credentials", token)).GetProperty("credentials").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task KeysAreSealedInTheStore()
    {
        await using var cloud = await IdentityCloud.Start();
        var (project, token) = await cloud.Cloud.Tenant("a");
        var user = (await cloud.Get("users?name=a")).GetProperty("users")[0].GetProperty("id").GetString()!;
        var key = (await cloud.Post($"users/{user}/credentials/OS-EC2", new { tenant_id = project }, token)).GetProperty("credential");
        var secret = key.GetProperty("secret").GetString()!;
        var rows = await cloud.Cloud.Db.Read(r => r.Query<string>("SELECT blob FROM identity_credential"));
        rows.Count.ShouldBe(1);
        rows[0].ShouldNotContain(secret);
        (await cloud.Get($"users/{user}/credentials/OS-EC2/{key.GetProperty("access").GetString()}", token)).GetProperty("credential").GetProperty("secret").GetString().ShouldBe(secret);
    }
}
