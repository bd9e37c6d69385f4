namespace Ciel.Tests.Network;

public class RouterAdvertisementTests
{
    [Fact]
    public async Task A_router_announces_the_subnets_that_have_a_mode_for_it_and_no_others()
    {
        await using var cloud = await NetworkCloud.Start("sqlite");
        var router = (await cloud.Make("alice", "routers", new { name = "r" })).Id();
        var network = (await cloud.Make("alice", "networks", new { name = "lan" })).Id();
        foreach (var (cidr, mode) in new[] { ("fd00:1::/64", "slaac"), ("fd00:2::/64", null) })
        {
            var subnet = (await cloud.Make("alice", "subnets", new { network_id = network, ip_version = 6, cidr, ipv6_ra_mode = mode, ipv6_address_mode = mode })).Id();
            await cloud.Send(HttpMethod.Put, $"routers/{router}/add_router_interface", "alice", new { subnet_id = subnet });
        }

        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Router(router)?.Interfaces.Sum(leg => leg.Addresses.Count) == 2), "both legs are there");
        cloud.Agent.Router(router)!.Interfaces.SelectMany(leg => leg.Advertised ?? []).ShouldBe([new("fd00:1::/64", "slaac")]);
    }
}
