using Ciel.Services.Network;
using CsCheck;

namespace Ciel.Tests.Network;

/// <summary>No two ports ever share an address, whatever the order and whoever races; what is given back can be had again.</summary>
public class IpamTests
{
    private static Task<TestStore> Store(string kind) => TestStore.Open(kind, new NetworkModule().Migrations);

    private static Subnet Small(int size) => new()
    {
        Id = "subnet",
        NetworkId = "net",
        Cidr = "10.0.0.0/24",
        AllocationPools = NetworkJson.Of([new Pool("10.0.0.10", $"10.0.0.{9 + size}")]),
    };

    [Fact]
    public async Task AnyOrderOfTakingAndGivingBackKeepsThePromises()
    {
        await using var store = await Store("sqlite");
        var round = 0;
        await Gen.Select(Gen.Int[1, 12], Gen.Int[0, 3].Array[1, 60]).SampleAsync(async (size, acts) =>
        {
            var subnet = Small(size) with { Id = $"subnet-{Interlocked.Increment(ref round)}" };
            var held = new Dictionary<string, string>();
            var number = 0;
            foreach (var act in acts)
            {
                if (act == 0 && held.Count > 0)
                {
                    var (gone, _) = held.First();
                    await store.Db.Write(tx => Ipam.Release(tx, gone));
                    held.Remove(gone);
                    continue;
                }

                var port = new Port { Id = $"{subnet.Id}-port-{number++}", NetworkId = "net" };
                var got = await store.Db.Write(tx => Ipam.TakeAny(tx, port, subnet, 0));
                (got is null).ShouldBe(held.Count == size);
                if (got is { } address)
                {
                    held.Values.ShouldNotContain(address.ToString());
                    held[port.Id] = address.ToString();
                }
            }
        }, iter: 60, threads: 1);
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ThirtyTwoWhoRaceForTwentyAddressesGetTwenty(string kind)
    {
        await using var store = await Store(kind);
        var subnet = Small(20);
        var got = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => store.Db.Write(tx => Ipam.TakeAny(tx, new Port { Id = "port-" + i, NetworkId = "net" }, subnet, 0)))));
        got.OfType<Ip>().Distinct().Count().ShouldBe(20);
        got.Count(a => a is null).ShouldBe(12);
        (await store.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM network_address"))).ShouldBe(20);
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ThirtyTwoPortsByHttpAllDifferInAddressAndMac(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var (network, _) = await cloud.Lan("alice", "10.0.0.0/26");
        var ports = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => cloud.Make("alice", "ports", new { network_id = network })));
        ports.SelectMany(p => p.Addresses()).Distinct().Count().ShouldBe(32);
        ports.Select(p => p.Text("mac_address")).Distinct().Count().ShouldBe(32);
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task TheQuotaIsNeverExceededByThirtyTwo(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        await cloud.Send(HttpMethod.Put, "quotas/alice", "admin", new { quota = new { network = 7, floatingip = 5 } });
        var networks = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => cloud.Try(HttpMethod.Post, "networks", "alice", new { network = new { } })));
        networks.Count(n => n.Status == 201).ShouldBe(7);
        networks.Where(n => n.Status != 201).ShouldAllBe(n => n.Status == 409 && n.Body.GetProperty("NeutronError").Text("type") == "OverQuota");
        var external = await cloud.Public();
        var floating = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ =>
            cloud.Try(HttpMethod.Post, "floatingips", "alice", new { floatingip = new { floating_network_id = external } })));
        floating.Count(f => f.Status == 201).ShouldBe(5);
        (await cloud.Get("alice", "networks?router:external=false")).GetArrayLength().ShouldBe(7);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM usage_span WHERE closed_at IS NULL"))).ShouldBe(5);
        (await cloud.Get("alice", "quotas/alice/details")).GetProperty("network").GetProperty("used").GetInt64().ShouldBe(7);
    }
}
