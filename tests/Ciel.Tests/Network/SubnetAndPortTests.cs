namespace Ciel.Tests.Network;

/// <summary>Networks, subnets and ports over HTTP, with the real API's statuses and names of faults.</summary>
public class SubnetAndPortTests
{
    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ANetworkGoesWithItsSubnetsButNotUnderAPort(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var (network, subnet) = await cloud.Lan("alice");
        (await cloud.Fails(HttpMethod.Post, "subnets", "alice", new { subnet = new { network_id = network, cidr = "10.0.0.128/25", ip_version = 4 } })).ShouldBe((400, "InvalidInput"));
        var port = (await cloud.Make("alice", "ports", new { network_id = network })).Id();
        (await cloud.Fails(HttpMethod.Delete, "networks/" + network, "alice")).ShouldBe((409, "NetworkInUse"));
        (await cloud.Fails(HttpMethod.Delete, "subnets/" + subnet, "alice")).ShouldBe((409, "SubnetInUse"));
        await cloud.Send(HttpMethod.Delete, "ports/" + port, "alice");
        await cloud.Send(HttpMethod.Delete, "networks/" + network, "alice");
        (await cloud.Fails(HttpMethod.Get, "subnets/" + subnet, "alice")).ShouldBe((404, "SubnetNotFound"));
        (await cloud.Get("alice", "quotas/alice/details")).GetProperty("subnet").GetProperty("used").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task ManyAreMadeByOneRequestOrNone()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var made = await cloud.Send(HttpMethod.Post, "networks", "alice", new { networks = (object[])[new { name = "a" }, new { name = "b" }] });
        made.GetProperty("networks").GetArrayLength().ShouldBe(2);
        var network = made.GetProperty("networks")[0].Id();
        (await cloud.Fails(HttpMethod.Post, "ports", "alice", new { ports = (object[])[new { network_id = network }, new { network_id = "nope" }] })).ShouldBe((404, "NetworkNotFound"));
        (await cloud.Get("alice", "ports")).GetArrayLength().ShouldBe(0);
        (await cloud.Get("alice", "quotas/alice/details")).GetProperty("port").GetProperty("used").GetInt64().ShouldBe(0);
        (await cloud.Fails(HttpMethod.Post, "networks", "alice", new { networks = Array.Empty<object>() })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task ASubnetKeepsItsGatewayPoolsAndRoutes()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var network = (await cloud.Make("alice", "networks", new { name = "n" })).Id();
        var subnet = await cloud.Make("alice", "subnets", new
        {
            network_id = network,
            cidr = "10.0.0.0/24",
            ip_version = 4,
            allocation_pools = (object[])[new { start = "10.0.0.3", end = "10.0.0.7" }],
            dns_nameservers = (string[])["8.8.8.8"],
            host_routes = (object[])[new { destination = "10.20.0.0/32", nexthop = "10.0.0.9" }],
        });
        subnet.Text("gateway_ip").ShouldBe("10.0.0.1");
        var changed = (await cloud.Send(HttpMethod.Put, "subnets/" + subnet.Id(), "alice", new { subnet = new { gateway_ip = "10.0.0.2", name = "x", dns_nameservers = (string[])["7.7.7.7", "8.8.4.4"] } })).GetProperty("subnet");
        changed.Text("gateway_ip").ShouldBe("10.0.0.2");
        changed.Strings("dns_nameservers").ShouldBe(["7.7.7.7", "8.8.4.4"]);
        changed.GetProperty("host_routes")[0].Text("nexthop").ShouldBe("10.0.0.9");
        (await cloud.Fails(HttpMethod.Put, "subnets/" + subnet.Id(), "alice", new { subnet = new { gateway_ip = "10.0.0.5" } })).ShouldBe((409, "GatewayConflictWithAllocationPools"));
        (await cloud.Fails(HttpMethod.Put, "subnets/" + subnet.Id(), "alice", new { subnet = new { cidr = "10.1.0.0/24" } })).Status.ShouldBe(400);
        (await cloud.Fails(HttpMethod.Post, "subnets", "alice", new { subnet = new { cidr = "x" } })).Status.ShouldBe(400);
        var none = await cloud.Make("alice", "subnets", new { network_id = network, cidr = "fd00::/64", ip_version = 6, gateway_ip = (string?)null });
        none.Text("gateway_ip").ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task WhereGuestsMakeTheirOwnAddressPortsGetIt(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var network = (await cloud.Make("alice", "networks", new { name = "n" })).Id();
        var early = (await cloud.Make("alice", "ports", new { network_id = network, mac_address = "fa:16:3e:00:00:02" })).Id();
        await cloud.Make("alice", "subnets", new { network_id = network, cidr = "2003::/64", ip_version = 6, ipv6_ra_mode = "slaac", ipv6_address_mode = "slaac" });
        var stateful = (await cloud.Make("alice", "subnets", new { network_id = network, cidr = "2004::/64", ip_version = 6, ipv6_address_mode = "dhcpv6-stateful" })).Id();
        await cloud.Make("alice", "subnets", new { network_id = network, cidr = "10.0.0.0/24", ip_version = 4 });
        (await cloud.Get("alice", "ports/" + early)).Addresses().ShouldBe(["2003::f816:3eff:fe00:2"]);
        var port = await cloud.Make("alice", "ports", new { network_id = network, mac_address = "fa:16:3e:00:00:01" });
        port.Addresses().ShouldContain("2003::f816:3eff:fe00:1");
        port.Addresses().Length.ShouldBe(3);
        (await cloud.Fails(HttpMethod.Post, "ports", "alice", new { port = new { network_id = network, fixed_ips = (object[])[new { ip_address = "2003::5" }] } })).ShouldBe((400, "InvalidInput"));
        (await cloud.Fails(HttpMethod.Delete, "subnets/" + stateful, "alice")).Status.ShouldBe(409);
        var slaac = (await cloud.Get("alice", "subnets?cidr=2003::/64"))[0].Id();
        await cloud.Send(HttpMethod.Delete, "subnets/" + slaac, "alice");
        (await cloud.Get("alice", "ports/" + early)).Addresses().ShouldBeEmpty();
    }

    [Fact]
    public async Task AddressesAreCheckedAndChanged()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var (network, subnet) = await cloud.Lan("alice");
        object With(params object[] ips) => new { port = new { network_id = network, fixed_ips = ips } };
        var port = (await cloud.Make("alice", "ports", new { network_id = network, fixed_ips = (object[])[new { ip_address = "10.0.0.9" }] })).Id();
        (await cloud.Fails(HttpMethod.Post, "ports", "alice", With(new { ip_address = "10.0.0.9" }))).ShouldBe((409, "IpAddressAlreadyAllocated"));
        (await cloud.Fails(HttpMethod.Post, "ports", "alice", With(new { ip_address = "10.0.1.9" }))).ShouldBe((400, "InvalidIpForNetwork"));
        (await cloud.Fails(HttpMethod.Post, "ports", "alice", With(new { ip_address = "10.0.0.255", subnet_id = subnet }))).ShouldBe((400, "InvalidIpForSubnet"));
        (await cloud.Fails(HttpMethod.Post, "ports", "alice", With(new { subnet_id = "nope" }))).ShouldBe((400, "InvalidInput"));
        (await cloud.Send(HttpMethod.Put, "ports/" + port, "alice", new { port = new { fixed_ips = (object[])[new { subnet_id = subnet }] } })).GetProperty("port").Addresses().ShouldBe(["10.0.0.9"]);
        (await cloud.Send(HttpMethod.Put, "ports/" + port, "alice", new { port = new { fixed_ips = (object[])[new { ip_address = "10.0.0.10" }, new { ip_address = "10.0.0.11" }] } })).GetProperty("port").Addresses().ShouldBe(["10.0.0.10", "10.0.0.11"]);
        (await cloud.Make("alice", "ports", new { network_id = network, fixed_ips = (object[])[new { ip_address = "10.0.0.9" }] })).Addresses().ShouldBe(["10.0.0.9"]);
        (await cloud.Fails(HttpMethod.Put, "ports/" + port, "alice", new { port = new { network_id = "x" } })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task PortSecurityGuardsItsGroupsAndPairs()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var (network, _) = await cloud.Lan("alice");
        var port = await cloud.Make("alice", "ports", new
        {
            network_id = network,
            allowed_address_pairs = (object[])[new { ip_address = "10.0.0.0/30" }],
            extra_dhcp_opts = (object[])[new { opt_name = "bootfile-name", opt_value = "pxelinux.0" }, new { opt_name = "mtu", opt_value = "1400" }],
        });
        port.Strings("security_groups").Length.ShouldBe(1);
        port.GetProperty("allowed_address_pairs")[0].Text("mac_address").ShouldBe(port.Text("mac_address"));
        async Task<(int Status, string Type)> Change(object change) => await cloud.Fails(HttpMethod.Put, "ports/" + port.Id(), "alice", new { port = change });
        (await Change(new { port_security_enabled = false })).ShouldBe((409, "PortSecurityPortHasSecurityGroup"));
        (await Change(new { port_security_enabled = false, security_groups = Array.Empty<string>() })).ShouldBe((409, "AddressPairAndPortSecurityRequired"));
        await cloud.Send(HttpMethod.Put, "ports/" + port.Id(), "alice", new { port = new { port_security_enabled = false, security_groups = Array.Empty<string>(), allowed_address_pairs = Array.Empty<object>() } });
        (await cloud.Send(HttpMethod.Put, "ports/" + port.Id(), "alice", new { port = new { extra_dhcp_opts = (object[])[new { opt_name = "mtu", opt_value = (string?)null }] } }))
            .GetProperty("port").GetProperty("extra_dhcp_opts").GetArrayLength().ShouldBe(1);
        (await Change(new { extra_dhcp_opts = (object[])[new { opt_name = "x", opt_value = "a\nb" }] })).Status.ShouldBe(400);
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task TheOwnersNameForAPortGoesBeforeTheDevices(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var (network, _) = await cloud.Lan("alice");
        var port = await cloud.Make("alice", "ports", new { network_id = network, fixed_ips = (object[])[new { ip_address = "10.0.0.9" }] });
        port.GetProperty("dns_assignment")[0].Text("fqdn").ShouldBe("host-10-0-0-9.novalocal.");
        await cloud.Db.Write(tx => cloud.Networks.Bind(tx, port.Id(), NetworkCloud.Node, "web"));
        (await cloud.Get("alice", "ports?dns_name=web"))[0].GetProperty("dns_assignment")[0].Text("hostname").ShouldBe("web");
        await cloud.Send(HttpMethod.Put, "ports/" + port.Id(), "alice", new { port = new { dns_name = "Mail" } });
        (await cloud.Get("alice", "ports/" + port.Id())).Text("dns_name").ShouldBe("mail");
        (await cloud.Fails(HttpMethod.Put, "ports/" + port.Id(), "alice", new { port = new { dns_name = "a b" } })).Status.ShouldBe(400);
        (await cloud.Fails(HttpMethod.Post, "networks", "alice", new { network = new { dns_domain = "nodot" } })).Status.ShouldBe(400);
        (await cloud.Make("alice", "networks", new { dns_domain = "my.org." })).Text("dns_domain").ShouldBe("my.org.");
    }

    [Fact]
    public async Task SubnetsAreCutFromPools()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var pool = (await cloud.Make("alice", "subnetpools", new { name = "p", prefixes = (string[])["10.0.0.0/24"], default_prefixlen = 26, min_prefixlen = 25 })).Id();
        var network = (await cloud.Make("alice", "networks", new { name = "n" })).Id();
        object Wanted(string? cidr = null, int? length = null) => cidr is not null
            ? new { network_id = network, ip_version = 4, subnetpool_id = pool, cidr } : length is null ? new { network_id = network, ip_version = 4, subnetpool_id = pool } : new { network_id = network, ip_version = 4, subnetpool_id = pool, prefixlen = length };
        (await cloud.Make("alice", "subnets", Wanted())).Text("cidr").ShouldBe("10.0.0.0/26");
        (await cloud.Make("alice", "subnets", Wanted(cidr: "10.0.0.128/25"))).Text("cidr").ShouldBe("10.0.0.128/25");
        (await cloud.Make("alice", "subnets", Wanted(length: 27))).Text("cidr").ShouldBe("10.0.0.64/27");
        (await cloud.Fails(HttpMethod.Post, "subnets", "alice", new { subnet = Wanted() })).ShouldBe((409, "SubnetAllocationError"));
        (await cloud.Fails(HttpMethod.Delete, "subnetpools/" + pool, "alice")).ShouldBe((409, "SubnetPoolDeleteError"));
    }
}
