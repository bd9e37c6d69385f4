namespace Ciel.Tests.Network;

/// <summary>What a first machine needs of the network, end to end over HTTP and down to the node.</summary>
public class FirstLightTests
{
    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AMachineGetsItsPortRouterAndFloatingAddress(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind);
        var (network, subnet) = await cloud.Lan("alice");
        var router = (await cloud.Make("alice", "routers", new { name = "r", external_gateway_info = new { network_id = await cloud.Public() } })).Id();
        await cloud.Send(HttpMethod.Put, $"routers/{router}/add_router_interface", "alice", new { subnet_id = subnet });

        var alice = SliceHost.ActorOf("alice");
        var port = await cloud.Db.Write(tx => cloud.Networks.CreatePort(tx, alice, new("00000000-0000-7000-8000-000000000001", network, "server-1", null, null)));
        (await cloud.Db.Read(r => cloud.Networks.Wired(r, port.Id))).ShouldBeFalse();
        await cloud.Db.Write(tx => cloud.Networks.Bind(tx, port.Id, NetworkCloud.Node, "web"));
        await NetworkCloud.Until(() => cloud.Db.Read(r => cloud.Networks.Wired(r, port.Id)), "the port is wired");
        (await cloud.Get("alice", "ports/" + port.Id)).Text("status").ShouldBe("ACTIVE");

        var spec = cloud.Agent.Network(network)!;
        spec.Ports.Single().HostName.ShouldBe("web");
        spec.Ports.Single().Addresses.Single().Address.ShouldBe(port.Addresses.Single().Address);
        spec.Subnets.Single().DhcpAddress.ShouldNotBeNull();
        cloud.Agent.Network(await cloud.Public())!.Public!.HostAddress.ShouldBe("198.51.100.1/24");

        var floating = await cloud.Make("alice", "floatingips", new { floating_network_id = await cloud.Public(), port_id = port.Id });
        await NetworkCloud.Until(async () => (await cloud.Get("alice", "floatingips/" + floating.Id())).Text("status") == "ACTIVE", "the address is active");
        var routed = cloud.Agent.Router(router)!;
        routed.FloatingAddresses.Single().ShouldBe(new(floating.Text("floating_ip_address")!, port.Addresses.Single().Address));
        routed.Interfaces.Single().Addresses.ShouldBe(["10.0.0.1/24"]);
        routed.Gateway!.NextHops.ShouldBe(["198.51.100.1"]);

        await cloud.Db.Write(tx => cloud.Networks.DeletePort(tx, port.Id));
        (await cloud.Get("alice", "floatingips/" + floating.Id())).Text("port_id").ShouldBeNull();
        await cloud.Send(HttpMethod.Delete, "floatingips/" + floating.Id(), "alice");
        await cloud.Send(HttpMethod.Put, $"routers/{router}/remove_router_interface", "alice", new { subnet_id = subnet });
        await cloud.Send(HttpMethod.Delete, "routers/" + router, "alice");
        await cloud.Send(HttpMethod.Delete, "networks/" + network, "alice");
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Specs.Count == 1), "only the public network is left on the node");
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM usage_span WHERE closed_at IS NULL"))).ShouldBe(0);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM usage_span"))).ShouldBe(2);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT SUM(used) FROM quota WHERE project_id = 'alice' AND resource NOT IN ('network.security_group', 'network.security_group_rule')"))).ShouldBe(0);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM network_address"))).ShouldBe(0);
        await NetworkCloud.Until(async () => await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM keeper")) == 1, "their keepers are gone");
    }
}
