using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.LinuxNet;

namespace Ciel.Tests.Agent.Net;

public class DnsmasqTests
{
    private static readonly DnsmasqUser User = new("dnsmasq", "nogroup", 65534);

    [Fact]
    public void Guests_are_told_addresses_routes_names_and_what_their_ports_say()
    {
        var port = NetSpecs.Port(5) with
        {
            HostName = "Web_1.example.org",
            DhcpOptions = new Dictionary<string, string> { ["bootfile-name"] = "pxe.0", ["150"] = "10.0.0.3", ["option6:dns-server"] = "[fd00::53]", ["bad key"] = "x", ["option6:a:b"] = "x", ["42"] = "x\ndhcp-script=/bin/sh" },
        };
        var files = Files(NetSpecs.Network(port) with { Subnets = [NetSpecs.Subnet with { Routes = [new RouteSpec("192.168.0.0/16", "10.0.0.9")] }] });
        files.Hosts.ShouldBe("fa:16:3e:00:00:05,set:p00000000005,10.0.0.5,web1\n");
        files.Options.ShouldBe(
            """
            tag:s-0000000001,option:router,10.0.0.1
            tag:s-0000000001,option:classless-static-route,169.254.169.254/32,10.0.0.2,192.168.0.0/16,10.0.0.9,0.0.0.0/0,10.0.0.1
            tag:s-0000000001,249,169.254.169.254/32,10.0.0.2,192.168.0.0/16,10.0.0.9,0.0.0.0/0,10.0.0.1
            tag:s-0000000001,option:dns-server,10.0.0.2
            tag:s-0000000001,option:mtu,1450
            tag:p00000000005,150,10.0.0.3
            tag:p00000000005,option:bootfile-name,pxe.0
            tag:p00000000005,option6:dns-server,[fd00::53]

            """.Replace("s-0000000001", "s" + NetSpecs.Subnet.Id[^11..], StringComparison.Ordinal));
        files.Names.ShouldBe("10.0.0.5 web1.novalocal web1 host-10-0-0-5.novalocal host-10-0-0-5\n");
        files.Config.ShouldContain($"dhcp-range=set:s{NetSpecs.Subnet.Id[^11..]},10.0.0.0,static,86400s\n");
    }

    [Fact]
    public void Without_a_gateway_no_router_is_named_and_given_name_servers_are()
    {
        var options = Files(NetSpecs.Network() with { Subnets = [NetSpecs.Subnet with { Gateway = null, DnsServers = ["192.0.2.53", "192.0.2.54"] }] }).Options;
        options.ShouldContain(",option:router\n");
        options.ShouldContain("option:classless-static-route,169.254.169.254/32,10.0.0.2\n");
        options.ShouldContain("option:dns-server,192.0.2.53,192.0.2.54\n");
    }

    [Fact]
    public void A_network_that_hands_out_nothing_needs_no_server() =>
        DnsmasqFiles.Render(NetSpecs.Network() with { Subnets = [NetSpecs.Subnet with { Dhcp = false }] }, "/run/x", User).ShouldBeNull();

    [Theory]
    [InlineData("slaac", "fd00::,slaac,64,")]
    [InlineData("dhcpv6-stateless", "fd00::,ra-stateless,64,")]
    [InlineData("dhcpv6-stateful", "fd00::,static,64,")]
    public void Ipv6_follows_its_mode(string mode, string range)
    {
        var subnet = new SubnetSpec("subnet-0000000006", "fd00::/64", "fd00::1", true, "fd00::2", [], [], mode);
        var files = Files(NetSpecs.Network(NetSpecs.Port(5) with { Addresses = [new FixedAddress(subnet.Id, "fd00::5")] }) with { Subnets = [subnet] });
        files.Config.ShouldContain(range);
        files.Config.ShouldContain("enable-ra\n");
        files.Options.ShouldContain("option6:dns-server,[fd00::2]\n");
        files.Hosts.ShouldBe(mode == "dhcpv6-stateful" ? "fa:16:3e:00:00:05,set:p00000000005,[fd00::5],vm5\n" : "");
    }

    [Fact]
    public void A_further_guest_takes_nothing_back_and_one_that_goes_or_changes_does()
    {
        var (one, two) = (NetSpecs.Port(5), NetSpecs.Port(6));
        var both = Files(NetSpecs.Network(one, two));
        var first = Files(NetSpecs.Network(one));
        both.TakesBack(first.Hosts).ShouldBeFalse();
        both.TakesBack("").ShouldBeFalse();
        first.TakesBack(both.Hosts).ShouldBeTrue();
        Files(NetSpecs.Network(one with { Mac = two.Mac })).TakesBack(first.Hosts).ShouldBeTrue();
    }

    [Fact]
    public void The_log_tells_who_asked() => DhcpLog.Parse(
        """
        Nov 22 22:00:00 dnsmasq[7]: started, version 2.90 cachesize 150
        Nov 22 22:00:00 dnsmasq-dhcp[7]: DHCPDISCOVER(br) fa:16:3e:00:00:01 
        Nov 22 22:00:00 dnsmasq-dhcp[7]: DHCPOFFER(br) 10.0.0.5 fa:16:3e:00:00:01 
        Nov 22 22:00:00 dnsmasq-dhcp[7]: DHCPREQUEST(br) 10.0.0.6 fa:16:3e:00:00:02 
        Nov 22 22:00:00 dnsmasq-dhcp[7]: DHCPSOLICIT(br) 00:03:00:01:fa:16:3e:00:00:03 
        Nov 22 22:00:00 dnsmasq-dhcp[7]: DHCPREQUEST(br) fd00::5 00:01:00:01:2b:00:00:00:fa:16:3e:00:00:04 
        Nov 22 22:00:00 dnsmasq-dhcp[7]: RTR-SOLICIT(br) fa:16:3e:00:00:05
        """).ShouldBe(["fa:16:3e:00:00:01", "fa:16:3e:00:00:02", "fa:16:3e:00:00:03", "fa:16:3e:00:00:04", "fa:16:3e:00:00:05"]);

    [Fact]
    public void It_runs_as_its_own_user_or_as_nobody()
    {
        string[] groups = ["root:x:0:", "nogroup:x:65534:"];
        DnsmasqUser.Find(["root:x:0:0::/root:/bin/sh", "nobody:x:65534:65534::/:/x", "dnsmasq:x:999:65534::/:/x"], groups).ShouldBe(User);
        DnsmasqUser.Find(["root:x:0:0::/root:/bin/sh", "nobody:x:65534:65534::/:/x"], groups).ShouldBe(User with { User = "nobody" });
    }

    private static DnsmasqFiles Files(NetworkSpec network) => DnsmasqFiles.Render(network, "/run/x", User)!;
}
