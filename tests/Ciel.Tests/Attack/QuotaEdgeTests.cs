namespace Ciel.Tests.Attack;

/// <summary>Many clients at once at the edge of a quota: as many are let in as there is room, not one more.</summary>
public class QuotaEdgeTests
{
    private const int Callers = 32;
    private const int Room = 5;
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBZKmaUP5KxNr0WqquOg4HoAd3KPTjsVzYGNJesazjf/ test";

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ExactlyTheRoomIsTaken(string kind)
    {
        await using var cloud = await TestCloud.Start(kind);
        var estate = await Estate.Make(cloud, "alice");
        var admin = await cloud.AdminToken();
        await cloud.Send(HttpMethod.Put, "/network/v2.0/quotas/" + estate.ProjectId, admin, new { quota = new { network = 1 + Room, port = await Ports(cloud, estate) + Room, security_group = 2 + Room } });
        await cloud.Send(HttpMethod.Put, "/compute/v2.1/os-quota-sets/" + estate.ProjectId, admin, new { quota_set = new { key_pairs = 1 + Room, server_groups = 1 + Room } });
        await All(cloud, estate, "/network/v2.0/networks", i => new { network = new { name = $"n{i}" } });
        await All(cloud, estate, "/network/v2.0/ports", i => new { port = new { name = $"p{i}", network_id = estate["networks"] } });
        await All(cloud, estate, "/network/v2.0/security-groups", i => new { security_group = new { name = $"g{i}" } });
        await All(cloud, estate, "/compute/v2.1/os-keypairs", i => new { keypair = new { name = $"k{i}", public_key = Key } });
        await All(cloud, estate, "/compute/v2.1/os-server-groups", i => new { server_group = new { name = $"g{i}", policies = (string[])["affinity"] } });

        await cloud.Send(HttpMethod.Put, "/network/v2.0/quotas/" + estate.ProjectId, admin, new { quota = new { port = -1 } });
        await cloud.Send(HttpMethod.Put, "/compute/v2.1/os-quota-sets/" + estate.ProjectId, admin, new { quota_set = new { instances = 1 + Room } });
        await All(cloud, estate, "/compute/v2.1/servers", i => new
        {
            server = new { name = $"s{i}", flavorRef = estate["flavors"], imageRef = estate["images"], networks = new[] { new { uuid = estate["networks"] } } },
        });
        await Sound.Check(cloud);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ManyWhoDeleteTheSameGiveBackOnce(string kind)
    {
        await using var cloud = await TestCloud.Start(kind);
        var estate = await Estate.Make(cloud, "alice");
        foreach (var path in (string[])[
            "/compute/v2.1/servers/" + estate["servers"], "/compute/v2.1/os-keypairs/" + estate["os-keypairs"], "/compute/v2.1/os-server-groups/" + estate["os-server-groups"],
            "/network/v2.0/floatingips/" + estate["floatingips"], "/network/v2.0/security-group-rules/" + estate["security-group-rules"], "/network/v2.0/rbac-policies/" + estate["rbac-policies"],
            "/network/v2.0/subnetpools/" + estate["subnetpools"], "/network/v2.0/ports/" + estate["ports"], "/image/v2/images/" + estate["images"]])
        {
            var statuses = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Status(cloud, HttpMethod.Delete, path, estate.Token, null)));
            statuses.ShouldContain(s => s < 300, path);
            statuses.ShouldAllBe(s => s < 300 || s == 404 || s == 409, path);
        }

        await Sound.Check(cloud);
    }

    private static async Task All(TestCloud cloud, Estate estate, string path, Func<int, object> body)
    {
        var statuses = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Status(cloud, HttpMethod.Post, path, estate.Token, body(i))));
        statuses.Count(s => s is >= 200 and < 300).ShouldBe(Room, $"{path}: {string.Join(' ', statuses)}");
        statuses.ShouldAllBe(s => s < 300 || s == 403 || s == 409, path);
    }

    private static async Task<int> Status(TestCloud cloud, HttpMethod method, string path, string token, object? body)
    {
        using var answer = await cloud.Raw(method, path, token, body);
        return (int)answer.StatusCode;
    }

    private static async Task<int> Ports(TestCloud cloud, Estate estate) =>
        (int)await cloud.Db.Read(r => r.Scalar<long>("SELECT used FROM quota WHERE project_id = @ProjectId AND resource = 'network.port'", new { estate.ProjectId }));
}
