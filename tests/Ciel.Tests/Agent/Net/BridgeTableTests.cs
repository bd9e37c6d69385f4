using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.LinuxNet;

namespace Ciel.Tests.Agent.Net;

public class BridgeTableTests
{
    [Fact]
    public void A_secured_port_may_only_speak_in_its_own_name() => Render(NetSpecs.Network(NetSpecs.Port(5))).ShouldBe(
        """
        table bridge ciel
        delete table bridge ciel
        table bridge ciel {
          chain prerouting {
            type filter hook prerouting priority -300; policy accept;
            meta mark set 0
            ip daddr 169.254.169.254 tcp dport 80 ether daddr set 02:30:09:be:76:9f meta pkttype set host
            iifname vmap { "tap00000000005" : jump from_1 }
          }
          chain forward {
            type filter hook forward priority -300; policy accept;
            oifname vmap { "tap00000000005" : jump to_1 }
          }
          chain from_1 {
            udp dport 67 limit rate over 10/second burst 40 packets drop
            ether type != { ip, ip6, arp } drop
            ether saddr != { fa:16:3e:00:00:05 } drop
            udp sport 67 udp dport 68 drop
            udp sport 547 udp dport 546 drop
            icmpv6 type { nd-router-advert, nd-redirect } drop
            udp sport 68 udp dport 67 @th,288,48 != 0xfa163e000005 drop
            meta mark set 1
            arp saddr ether fa:16:3e:00:00:05 arp saddr ip 0.0.0.0 accept
            arp saddr ether . arp saddr ip { fa:16:3e:00:00:05 . 10.0.0.5 } accept
            ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept
            ether saddr . ip saddr { fa:16:3e:00:00:05 . 10.0.0.5 } accept
            ip6 saddr :: icmpv6 type { nd-neighbor-solicit, nd-router-solicit, mld-listener-report, mld2-listener-report } accept
            icmpv6 type nd-neighbor-advert @th,64,128 0xfe80000000000000f8163efffe000005 ether saddr . ip6 saddr { fa:16:3e:00:00:05 . fe80::f816:3eff:fe00:5 } accept
            icmpv6 type nd-neighbor-advert drop
            ether saddr . ip6 saddr { fa:16:3e:00:00:05 . fe80::f816:3eff:fe00:5 } accept
            drop
          }
          chain to_1 {
            ether type != { ip, ip6, arp } drop
            meta mark set meta mark and 0xffff or 0x10000
          }
        }

        """);

    [Fact]
    public void A_port_without_security_is_only_marked() =>
        Chain(NetSpecs.Port(5) with { PortSecurity = false }, "from_1").ShouldBe(["udp dport 67 limit rate over 10/second burst 40 packets drop", "meta mark set 1"]);

    [Fact]
    public void A_port_that_is_down_passes_nothing()
    {
        Chain(NetSpecs.Port(5) with { Up = false }, "from_1").ShouldBe(["drop"]);
        Chain(NetSpecs.Port(5) with { Up = false }, "to_1").ShouldBe(["drop"]);
    }

    [Fact]
    public void Allowed_pairs_widen_what_it_may_claim_and_a_range_takes_in_what_it_holds()
    {
        var port = NetSpecs.Port(5) with
        {
            AllowedPairs = [new("10.0.0.0/28", "fa:16:3e:00:00:05"), new("10.9.9.9", "FA:16:3E:AA:AA:AA"), new("fd00::/64", "fa:16:3e:00:00:05")],
        };
        var lines = Chain(port, "from_1");
        lines.ShouldContain("ether saddr . ip saddr { fa:16:3e:00:00:05 . 10.0.0.0/28, fa:16:3e:aa:aa:aa . 10.9.9.9 } accept");
        lines.ShouldContain("ether saddr != { fa:16:3e:00:00:05, fa:16:3e:aa:aa:aa } drop");
        lines.ShouldContain(line => line.StartsWith("icmpv6 type nd-neighbor-advert @th,64,64 0xfd00000000000000 ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_host_hears_no_router_of_a_guest() =>
        Lines(Render(NetSpecs.Network() with { Public = new PublicSpec("198.51.100.1/24") }), "to_host").ShouldContain("icmpv6 type { nd-router-advert, nd-redirect } drop");

    private static string Render(NetworkSpec network) => BridgeTable.Render("network", network, NetSpecs.Marks(network));

    private static string[] Chain(PortSpec port, string name) => Lines(Render(NetSpecs.Network(port)), name);

    private static string[] Lines(string table, string chain)
    {
        var from = table.IndexOf($"chain {chain} {{\n", StringComparison.Ordinal);
        return [.. table[from..].Split('\n').Skip(1).Select(line => line.Trim()).TakeWhile(line => line != "}")];
    }
}
