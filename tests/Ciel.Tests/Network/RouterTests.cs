namespace Ciel.Tests.Network;

/// <summary>Routers and floating addresses over HTTP.</summary>
public class RouterTests
{
    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task LegsComeAndGoBySubnetAndByPort(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var (network, subnet) = await cloud.Lan("alice");
        var router = (await cloud.Make("alice", "routers", new { name = "r" })).Id();
        var leg = await cloud.Send(HttpMethod.Put, $"routers/{router}/add_router_interface", "alice", new { subnet_id = subnet });
        leg.Text("subnet_id").ShouldBe(subnet);
        (await cloud.Get("alice", "ports/" + leg.Text("port_id"))).Addresses().ShouldBe(["10.0.0.1"]);
        async Task<(int Status, string Type)> Fails(string verb, object body) => await cloud.Fails(HttpMethod.Put, $"routers/{router}/{verb}", "alice", body);
        (await Fails("add_router_interface", new { subnet_id = subnet })).Status.ShouldBe(400);
        (await Fails("add_router_interface", new { subnet_id = (await cloud.Lan("alice")).Subnet })).Status.ShouldBe(400);
        (await Fails("add_router_interface", new { })).Status.ShouldBe(400);
        (await cloud.Fails(HttpMethod.Delete, "routers/" + router, "alice")).ShouldBe((409, "RouterInUse"));
        (await cloud.Fails(HttpMethod.Delete, "ports/" + leg.Text("port_id"), "alice")).ShouldBe((409, "ServicePortInUse"));
        (await cloud.Fails(HttpMethod.Delete, "networks/" + network, "alice")).ShouldBe((409, "NetworkInUse"));

        var (second, _) = await cloud.Lan("alice", "10.1.0.0/24");
        var port = (await cloud.Make("alice", "ports", new { network_id = second })).Id();
        await cloud.Send(HttpMethod.Put, $"routers/{router}/add_router_interface", "alice", new { port_id = port });
        (await cloud.Get("alice", "ports?device_id=" + router)).GetArrayLength().ShouldBe(2);
        (await Fails("add_router_interface", new { port_id = port })).ShouldBe((409, "PortInUse"));
        await cloud.Send(HttpMethod.Put, $"routers/{router}/remove_router_interface", "alice", new { port_id = port });
        (await Fails("remove_router_interface", new { port_id = port })).ShouldBe((404, "RouterInterfaceNotFound"));
        await cloud.Send(HttpMethod.Put, $"routers/{router}/remove_router_interface", "alice", new { subnet_id = subnet });
        (await Fails("remove_router_interface", new { subnet_id = subnet })).ShouldBe((404, "RouterInterfaceNotFoundForSubnet"));
        await cloud.Send(HttpMethod.Delete, "routers/" + router, "alice");
        (await cloud.Fails(HttpMethod.Get, "routers/" + router, "alice")).ShouldBe((404, "RouterNotFound"));
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task TheGatewayTakesAPublicAddressThatTheLedgerCounts(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var external = await cloud.Public();
        var router = await cloud.Make("alice", "routers", new { external_gateway_info = new { network_id = external } });
        var info = router.GetProperty("external_gateway_info");
        info.GetProperty("enable_snat").GetBoolean().ShouldBeTrue();
        info.GetProperty("external_fixed_ips").GetArrayLength().ShouldBe(1);
        (await cloud.Get("alice", "ports?device_id=" + router.Id())).GetArrayLength().ShouldBe(0);
        (await cloud.Get("admin", "ports?device_id=" + router.Id())).GetArrayLength().ShouldBe(1);
        (await Open(cloud)).ShouldBe(1);
        (await cloud.Fails(HttpMethod.Put, "routers/" + router.Id(), "alice", new { router = new { external_gateway_info = new { network_id = external, enable_snat = false } } })).Status.ShouldBe(403);
        (await cloud.Send(HttpMethod.Put, "routers/" + router.Id(), "admin", new { router = new { external_gateway_info = new { network_id = external, enable_snat = false } } }))
            .GetProperty("router").GetProperty("external_gateway_info").GetProperty("enable_snat").GetBoolean().ShouldBeFalse();
        var taken = info.GetProperty("external_fixed_ips")[0].Text("ip_address");
        (await cloud.Fails(HttpMethod.Post, "routers", "admin", new { router = new { external_gateway_info = new { network_id = external, external_fixed_ips = (object[])[new { ip_address = taken }] } } })).Status.ShouldBe(409);
        var (lan, _) = await cloud.Lan("alice");
        (await cloud.Fails(HttpMethod.Put, "routers/" + router.Id(), "alice", new { router = new { external_gateway_info = new { network_id = lan } } })).Status.ShouldBe(400);
        (await cloud.Fails(HttpMethod.Put, "routers/" + router.Id(), "alice", new { router = new { external_gateway_info = new { network_id = "nope" } } })).ShouldBe((404, "NetworkNotFound"));
        await cloud.Send(HttpMethod.Put, "routers/" + router.Id(), "alice", new { router = new { external_gateway_info = new { } } });
        (await Open(cloud)).ShouldBe(0);
        (await cloud.Get("admin", "ports?device_id=" + router.Id())).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task StaticRoutesNeedALegAndHoldIt()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var (_, subnet) = await cloud.Lan("alice");
        var router = (await cloud.Make("alice", "routers", new { })).Id();
        object Routes(params object[] routes) => new { router = new { routes } };
        var route = new { destination = "10.9.0.0/16", nexthop = "10.0.0.5" };
        (await cloud.Fails(HttpMethod.Put, "routers/" + router, "alice", Routes(route))).ShouldBe((400, "InvalidRoutes"));
        await cloud.Send(HttpMethod.Put, $"routers/{router}/add_router_interface", "alice", new { subnet_id = subnet });
        (await cloud.Send(HttpMethod.Put, "routers/" + router, "alice", Routes(route))).GetProperty("router").GetProperty("routes").GetArrayLength().ShouldBe(1);
        (await cloud.Fails(HttpMethod.Put, $"routers/{router}/remove_router_interface", "alice", new { subnet_id = subnet })).ShouldBe((409, "RouterInterfaceInUseByRoute"));
        await cloud.Send(HttpMethod.Put, $"routers/{router}/add_extraroutes", "alice", Routes(new { destination = "10.8.0.0/16", nexthop = "10.0.0.6" }));
        await cloud.Send(HttpMethod.Put, $"routers/{router}/remove_extraroutes", "alice", Routes(route));
        (await cloud.Get("alice", "routers/" + router)).GetProperty("routes")[0].Text("destination").ShouldBe("10.8.0.0/16");
        await cloud.Send(HttpMethod.Put, "routers/" + router, "alice", new { router = new { routes = (object?)null } });
        (await cloud.Get("alice", "routers/" + router)).GetProperty("routes").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AFloatingAddressNeedsARouterBetween(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var external = await cloud.Public();
        var (network, subnet) = await cloud.Lan("alice");
        var port = await cloud.Make("alice", "ports", new { network_id = network });
        (await cloud.Fails(HttpMethod.Post, "floatingips", "alice", new { floatingip = new { floating_network_id = network } })).Status.ShouldBe(400);
        (await cloud.Fails(HttpMethod.Post, "floatingips", "alice", new { floatingip = new { floating_network_id = external, port_id = port.Id() } })).ShouldBe((404, "ExternalGatewayForFloatingIPNotFound"));
        (await Open(cloud)).ShouldBe(0);
        var router = (await cloud.Make("alice", "routers", new { external_gateway_info = new { network_id = external } })).Id();
        await cloud.Send(HttpMethod.Put, $"routers/{router}/add_router_interface", "alice", new { subnet_id = subnet });
        var floating = await cloud.Make("alice", "floatingips", new { floating_network_id = external, port_id = port.Id() });
        floating.Text("fixed_ip_address").ShouldBe(port.Addresses()[0]);
        floating.Text("router_id").ShouldBe(router);
        floating.GetProperty("port_details").Text("mac_address").ShouldBe(port.Text("mac_address"));
        (await cloud.Fails(HttpMethod.Post, "floatingips", "alice", new { floatingip = new { floating_network_id = external, port_id = port.Id() } })).ShouldBe((409, "FloatingIPPortAlreadyAssociated"));
        (await cloud.Fails(HttpMethod.Put, $"routers/{router}/remove_router_interface", "alice", new { subnet_id = subnet })).ShouldBe((409, "RouterInterfaceInUseByFloatingIP"));
        (await cloud.Fails(HttpMethod.Put, "routers/" + router, "alice", new { router = new { external_gateway_info = new { } } })).ShouldBe((409, "RouterExternalGatewayInUseByFloatingIp"));
        (await cloud.Fails(HttpMethod.Post, "ports", "admin", new { port = new { network_id = external, fixed_ips = (object[])[new { ip_address = floating.Text("floating_ip_address") }] } })).Status.ShouldBe(409);
        (await cloud.Fails(HttpMethod.Delete, "networks/" + external, "admin")).ShouldBe((409, "NetworkInUse"));
        await cloud.Send(HttpMethod.Delete, "ports/" + port.Id(), "alice");
        var left = await cloud.Get("alice", "floatingips/" + floating.Id());
        (left.Text("port_id"), left.Text("router_id"), left.Text("fixed_ip_address")).ShouldBe((null, null, null));
        (await Open(cloud)).ShouldBe(2);
        await cloud.Send(HttpMethod.Delete, "floatingips/" + floating.Id(), "alice");
        (await Open(cloud)).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AProjectWithoutANetworkGetsOneWithItsRouter(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        (await cloud.Get("alice", "auto-allocated-topology/alice?fields=dry-run")).Id().ShouldBe("dry-run=pass");
        (await cloud.Get("alice", "networks?router:external=false")).GetArrayLength().ShouldBe(0);
        var network = (await cloud.Get("alice", "auto-allocated-topology/None")).Id();
        (await cloud.Get("alice", "auto-allocated-topology/alice")).Id().ShouldBe(network);
        (await cloud.Db.Write(tx => cloud.Networks.AutoAllocate(tx, SliceHost.ActorOf("alice")))).Id.ShouldBe(network);
        (await cloud.Get("bob", "auto-allocated-topology/bob")).Id().ShouldNotBe(network);
        (await cloud.Fails(HttpMethod.Get, "auto-allocated-topology/alice", "bob")).Status.ShouldBe(403);
        (await cloud.Get("alice", "routers"))[0].GetProperty("external_gateway_info").Text("network_id").ShouldBe(await cloud.Public());
        var port = (await cloud.Make("alice", "ports", new { network_id = network })).Id();
        (await cloud.Fails(HttpMethod.Delete, "auto-allocated-topology/alice", "alice")).ShouldBe((409, "NetworkInUse"));
        (await cloud.Get("alice", "routers")).GetArrayLength().ShouldBe(1);
        await cloud.Send(HttpMethod.Delete, "ports/" + port, "alice");
        await cloud.Send(HttpMethod.Delete, "auto-allocated-topology/alice", "alice");
        (await cloud.Get("alice", "routers")).GetArrayLength().ShouldBe(0);
        (await cloud.Fails(HttpMethod.Get, "networks/" + network, "alice")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task AnExternalNetworkGoesWithAddressesAtRest()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var network = (await cloud.Make("admin", "networks", new Dictionary<string, object> { ["router:external"] = true })).Id();
        await cloud.Make("admin", "subnets", new { network_id = network, cidr = "10.5.0.0/24", ip_version = 4, enable_dhcp = false });
        var floating = (await cloud.Make("alice", "floatingips", new { floating_network_id = network })).Id();
        await cloud.Send(HttpMethod.Delete, "networks/" + network, "admin");
        (await cloud.Fails(HttpMethod.Get, "floatingips/" + floating, "alice")).ShouldBe((404, "FloatingIPNotFound"));
        (await Open(cloud)).ShouldBe(0);
        (await cloud.Get("alice", "quotas/alice/details")).GetProperty("floatingip").GetProperty("used").GetInt64().ShouldBe(0);
    }

    private static Task<long> Open(NetworkCloud cloud) => cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM usage_span WHERE closed_at IS NULL AND meter = 'address.public'"));
}
