using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.LinuxNet;

namespace Ciel.Tests.Agent.Net;

public class RouterTests
{
    private static readonly RouterLeg Inside = new(NetSpecs.Id(1), NetSpecs.Id(11), "fa:16:3e:00:00:01", ["10.0.0.1/24"]);
    private static readonly RouterLeg Outside = new(NetSpecs.Id(2), NetSpecs.Id(12), "fa:16:3e:00:00:02", ["198.51.100.10/24"]);

    private static readonly RouterSpec Router = new(
        true,
        [Inside],
        new RouterGateway(Outside, ["198.51.100.1"], true),
        [new FloatingAddress("198.51.100.50", "10.0.0.5")],
        [new RouteSpec("192.168.0.0/16", "10.0.0.9")]);

    [Fact]
    public void A_router_announces_what_it_is_told_to_while_it_is_up()
    {
        var user = new DnsmasqUser("dnsmasq", "nogroup", 65534);
        var leg = Inside with { Addresses = ["fd00::1/64"], Advertised = [new AdvertisedRange("fd00::/64", "slaac")] };
        var spec = Router with { Interfaces = [leg] };
        var config = RouterAdvertisement.Render(spec, "/run/x", user)!.Config;
        config.ShouldContain("port=0\n");
        config.ShouldContain("interface=qr-00000000001\nra-param=qr-00000000001,60,180\n");
        config.ShouldContain("dhcp-range=fd00::,slaac,64,");
        RouterAdvertisement.Render(spec with { Up = false }, "/run/x", user).ShouldBeNull();
        RouterAdvertisement.Render(Router, "/run/x", user).ShouldBeNull();
    }

    [Fact]
    public void Addresses_are_translated_both_ways_and_flows_stand_on_what_the_router_has_now() => RouterTable.Render(Router).ShouldBe(
        """
        table inet ciel
        delete table inet ciel
        table inet ciel {
          chain input {
            type filter hook input priority 0; policy drop;
            ct state established,related accept
            meta l4proto { icmp, ipv6-icmp } accept
          }
          chain forward {
            type filter hook forward priority 0; policy accept;
            ct status dnat ct original ip daddr . ct reply ip saddr != { 198.51.100.50 . 10.0.0.5 } drop
            ct status snat ct reply ip daddr != 198.51.100.10 ct original ip saddr . ct reply ip daddr != { 10.0.0.5 . 198.51.100.50 } drop
            meta nfproto ipv4 oifname "qr-00000000002" ct state invalid drop
            meta nfproto ipv4 iifname "qr-00000000002" ct direction original ct status ! dnat ct state != related drop
          }
        }
        table ip ciel
        delete table ip ciel
        table ip ciel {
          chain prerouting {
            type nat hook prerouting priority -100; policy accept;
            dnat to ip daddr map { 198.51.100.50 : 10.0.0.5 }
          }
          chain postrouting {
            type nat hook postrouting priority 100; policy accept;
            oifname "qr-00000000002" snat to ip saddr map { 10.0.0.5 : 198.51.100.50 }
            oifname "qr-00000000002" snat to 198.51.100.10
            iifname != "qr-00000000002" ct status dnat snat to ip saddr map { 10.0.0.5 : 198.51.100.50 }
            iifname != "qr-00000000002" ct status dnat snat to 198.51.100.10
          }
        }

        """);

    [Fact]
    public void Without_a_gateway_nothing_is_translated()
    {
        var text = RouterTable.Render(Router with { Gateway = null });
        text.ShouldContain("ct status dnat drop\n    ct status snat drop\n");
        text.ShouldEndWith("table ip ciel {\n}\n");
    }

    [Fact]
    public void One_that_is_down_forwards_nothing() => RouterTable.Render(Router with { Up = false }).ShouldContain("hook forward priority 0; policy drop;\n  }");

    [Fact]
    public void A_leg_joins_the_network_and_announces_what_it_carries()
    {
        var mtus = new Dictionary<string, int> { [NetSpecs.Id(11)] = 1450, [NetSpecs.Id(12)] = 1500 };
        var none = new Dictionary<string, Link>();
        RouterLinks.Plan("ciel", Router, none, mtus).ShouldBe(
        [
            "link add name qr-00000000001 address fa:16:3e:00:00:01 mtu 1450 type veth peer name qrp00000000001 netns ciel-n-0000000000b",
            "link set dev qr-00000000001 up",
            "link add name qr-00000000002 address fa:16:3e:00:00:02 mtu 1500 type veth peer name qrp00000000002 netns ciel-n-0000000000c",
            "link set dev qr-00000000002 up",
        ]);
        RouterLinks.PlanAddresses(Router, none).ShouldBe(
        [
            "address add 10.0.0.1/24 dev qr-00000000001",
            "link set dev qr-00000000001 address fa:16:3e:00:00:01",
            "address add 198.51.100.10/24 dev qr-00000000002",
            "address add 198.51.100.50/32 dev qr-00000000002",
            "link set dev qr-00000000002 address fa:16:3e:00:00:02",
        ]);
    }

    [Fact]
    public void What_is_already_so_is_left_and_what_should_not_be_goes()
    {
        var found = new[]
        {
            new Link("lo", "00:00:00:00:00:00", 65536, null, false, []),
            new Link("qr-00000000001", "fa:16:3e:00:00:01", 1450, null, true, ["10.0.0.1/24"]),
            new Link("qr-00000000002", "fa:16:3e:00:00:02", 1500, null, true, ["198.51.100.10/24", "198.51.100.50/32"]),
        }.ToDictionary(link => link.Name);
        var mtus = new Dictionary<string, int> { [NetSpecs.Id(11)] = 1450, [NetSpecs.Id(12)] = 1500 };
        RouterLinks.Plan("ciel", Router, found, mtus).ShouldBeEmpty();
        RouterLinks.PlanAddresses(Router, found).ShouldBeEmpty();
        RouterLinks.Plan("ciel", Router with { Gateway = null }, found, mtus).ShouldBe(["link delete dev qr-00000000002"]);
        RouterLinks.PlanAddresses(Router with { FloatingAddresses = [] }, found).ShouldBe(["address delete 198.51.100.50/32 dev qr-00000000002"]);
    }

    [Fact]
    public void Routes_follow_the_specification()
    {
        var wanted = RouterRoutes.Wanted(Router);
        wanted.ShouldBe([("192.168.0.0/16", "10.0.0.9"), ("0.0.0.0/0", "198.51.100.1")]);
        RouterRoutes.Wanted(Router with { Interfaces = [] }).ShouldBe([("0.0.0.0/0", "198.51.100.1")]);
        RouterRoutes.Plan(wanted, wanted).ShouldBeEmpty();
        RouterRoutes.Plan(wanted, [("0.0.0.0/0", "198.51.100.9"), ("10.9.0.0/16", "10.0.0.7")]).ShouldBe(
        [
            "route delete 10.9.0.0/16 via 10.0.0.7 proto static",
            "route replace 192.168.0.0/16 via 10.0.0.9 proto static",
            "route replace 0.0.0.0/0 via 198.51.100.1 proto static",
        ]);
        RouterRoutes.Parse("""[{"dst":"default","gateway":"198.51.100.1","dev":"x","flags":[]},{"dst":"10.9.9.9","gateway":"10.0.0.7"}]""", "0.0.0.0/0")
            .ShouldBe([("0.0.0.0/0", "198.51.100.1"), ("10.9.9.9", "10.0.0.7")]);
    }
}
