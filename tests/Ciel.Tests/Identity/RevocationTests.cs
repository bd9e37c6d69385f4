namespace Ciel.Tests.Identity;

/// <summary>A token is void at once when what it stands on is gone.</summary>
public class RevocationTests
{
    private static readonly string[] Ends =
    [
        "revoke", "password", "own password", "disable user", "delete user", "disable project", "delete project", "disable domain", "role", "leave group", "delete role",
    ];

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task VoidAtOnce(string kind)
    {
        await using var cloud = await IdentityCloud.Start(kind);
        foreach (var end in Ends)
        {
            await Ended(cloud, end);
        }
    }

    [Fact]
    public async Task EnablingAgainBringsNoOldTokenBack()
    {
        await using var cloud = await IdentityCloud.Start();
        var user = await cloud.User("u");
        var token = (await cloud.LoginAs(user)).Token!;
        await cloud.Patch("users/" + user, new { user = new { enabled = false } });
        await cloud.Patch("users/" + user, new { user = new { enabled = true } });
        (await cloud.Good(token)).ShouldBeFalse();
        (await cloud.Good((await cloud.LoginAs(user)).Token!)).ShouldBeTrue();
    }

    [Fact]
    public async Task UsersRevokeTheirOwnTokensOnly()
    {
        await using var cloud = await IdentityCloud.Start();
        var (one, two) = ((await cloud.LoginAs(await cloud.User("one"))).Token!, (await cloud.LoginAs(await cloud.User("two"))).Token!);
        (await Revoke(cloud, one, two)).ShouldBe(403);
        (await Revoke(cloud, one, "nonsense")).ShouldBe(404);
        (await Revoke(cloud, one, one)).ShouldBe(204);
        (await cloud.Good(one)).ShouldBeFalse();
        (await Revoke(cloud, cloud.Admin, two)).ShouldBe(204);
        (await cloud.Good(two)).ShouldBeFalse();
    }

    private static async Task Ended(IdentityCloud cloud, string end)
    {
        var name = end.Replace(' ', '-');
        var domain = await cloud.Make("domain", new { name });
        var user = await cloud.User("u", domain);
        var group = await cloud.Make("group", new { name = "g", domain_id = domain });
        var project = await cloud.Make("project", new { name = "p", domain_id = domain });
        var role = await cloud.Make("role", new { name });
        var byGroup = end == "leave group";
        await cloud.Put($"groups/{group}/users/{user}");
        await cloud.Put($"projects/{project}/{(byGroup ? "groups/" + group : "users/" + user)}/roles/{role}");
        var token = (await cloud.LoginAs(user, IdentityCloud.Project(project))).Token!;
        (await cloud.Good(token)).ShouldBeTrue(end);
        await (end switch
        {
            "revoke" => Revoke(cloud, token, token),
            "password" => cloud.Patch("users/" + user, new { user = new { password = "another one" } }),
            "own password" => cloud.Cloud.Send(
                HttpMethod.Post, $"/identity/v3/users/{user}/password", null, new { user = new { original_password = IdentityCloud.Password, password = "another one" } }),
            "disable user" => cloud.Patch("users/" + user, new { user = new { enabled = false } }),
            "delete user" => cloud.Delete("users/" + user),
            "disable project" => cloud.Patch("projects/" + project, new { project = new { enabled = false } }),
            "delete project" => cloud.Delete("projects/" + project),
            "disable domain" => cloud.Patch("domains/" + domain, new { domain = new { enabled = false } }),
            "role" => cloud.Delete($"projects/{project}/users/{user}/roles/{role}"),
            "leave group" => cloud.Delete($"groups/{group}/users/{user}"),
            _ => cloud.Delete("roles/" + role),
        });
        (await cloud.Good(token)).ShouldBeFalse(end);
    }

    private static async Task<int> Revoke(IdentityCloud cloud, string bearer, string subject)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/identity/v3/auth/tokens");
        request.Headers.Add("X-Auth-Token", bearer);
        request.Headers.Add("X-Subject-Token", subject);
        using var answer = await cloud.Cloud.Client.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
