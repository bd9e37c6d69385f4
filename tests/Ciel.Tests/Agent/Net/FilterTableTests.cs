using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.LinuxNet;

namespace Ciel.Tests.Agent.Net;

public class FilterTableTests
{
    private static readonly Dictionary<string, string> Sets = new() { ["group"] = "group_0_v4" };

    [Theory]
    [InlineData("tcp", 22, 22, "tcp dport 22")]
    [InlineData("udp", 1000, 2000, "udp dport 1000-2000")]
    [InlineData("6", 443, 443, "tcp dport 443")]
    [InlineData("sctp", 5, 6, "sctp dport 5-6")]
    [InlineData("tcp", null, null, "meta l4proto 6")]
    [InlineData("vrrp", null, null, "meta l4proto 112")]
    [InlineData("icmp", 8, 0, "icmp type 8 icmp code 0")]
    [InlineData("icmp", 3, null, "icmp type 3")]
    [InlineData("1", null, null, "meta l4proto 1")]
    public void Protocols_are_names_or_numbers(string protocol, int? low, int? high, string match) =>
        RuleMatch.Render(new RuleSpec(true, 4, protocol, low, high, null, null), Sets).ShouldBe("meta nfproto ipv4 " + match);

    [Theory]
    [InlineData("icmp", 128, null, "icmpv6 type 128")]
    [InlineData("ipv6-icmp", null, null, "meta l4proto 58")]
    public void In_rules_for_ipv6_icmp_is_icmpv6(string protocol, int? type, int? code, string match) =>
        RuleMatch.Render(new RuleSpec(true, 6, protocol, type, code, null, null), Sets).ShouldBe("meta nfproto ipv6 " + match);

    [Fact]
    public void The_other_side_is_a_range_or_the_members_of_a_group()
    {
        RuleMatch.Render(new RuleSpec(true, 4, null, null, null, "192.0.2.7/24", null), Sets).ShouldBe("meta nfproto ipv4 ip saddr 192.0.2.0/24");
        RuleMatch.Render(new RuleSpec(false, 6, null, null, null, "fd00::1/64", null), Sets).ShouldBe("meta nfproto ipv6 ip6 daddr fd00::/64");
        RuleMatch.Render(new RuleSpec(true, 4, null, null, null, null, "group"), Sets).ShouldBe("meta nfproto ipv4 ip saddr @group_0_v4");
        RuleMatch.Render(new RuleSpec(true, 4, null, null, null, null, "empty"), Sets).ShouldBeNull();
    }

    [Theory]
    [InlineData("tcp; flush ruleset", null, null)]
    [InlineData("256", null, null)]
    [InlineData("ah", 1, null)]
    [InlineData("tcp", 1, "10.0.0.0/33")]
    [InlineData("tcp", 1, "10.0.0.0/8 accept")]
    [InlineData("tcp", 1, "fd00::/8")]
    [InlineData("tcp", 1, "fe80::1%eth0")]
    public void What_is_not_a_rule_is_refused(string protocol, int? low, string? remote) =>
        Should.Throw<FormatException>(() => RuleMatch.Render(new RuleSpec(true, 4, protocol, low, null, remote, null), Sets));

    [Fact]
    public void A_port_has_a_chain_for_each_direction_and_groups_are_sets()
    {
        var network = NetSpecs.Network(NetSpecs.Port(5, new RuleSpec(false, 4, null, null, null, null, null), new RuleSpec(true, 4, "tcp", 22, 22, null, "b"))) with
        {
            Groups = new Dictionary<string, IReadOnlyList<string>> { ["b"] = ["10.0.0.7/32", "10.0.0.6", "fd00::6"], ["a"] = [] },
        };
        var text = FilterTable.Render(network, NetSpecs.Marks(network));
        text.ShouldContain("  set group_1_v4 {\n    type ipv4_addr; flags interval; auto-merge; elements = { 10.0.0.6, 10.0.0.7 }\n  }\n");
        text.ShouldContain("  set group_1_v6 {\n    type ipv6_addr; flags interval; auto-merge; elements = { fd00::6 }\n  }\n");
        text.ShouldContain(
            "  chain egress_1 {\n    jump state\n    udp sport 68 udp dport 67 return\n    udp sport 546 udp dport 547 return\n"
            + "    meta nfproto ipv4 return\n    ct mark set 1 drop\n  }\n");
        text.ShouldContain(
            "  chain ingress_1 {\n    jump state\n    udp sport 67 udp dport 68 return\n    udp sport 547 udp dport 546 return\n"
            + "    meta nfproto ipv4 ip saddr @group_1_v4 tcp dport 22 return\n    ct mark set 1 drop\n  }\n");
        text.ShouldContain("meta mark and 0xffff vmap { 1 : jump egress_1 }");
        text.ShouldContain("meta mark and 0xffff0000 vmap { 0x10000 : jump ingress_1 }");
    }

    [Fact]
    public void Ports_without_security_or_down_have_no_rules()
    {
        var network = NetSpecs.Network(NetSpecs.Port(5) with { PortSecurity = false }, NetSpecs.Port(6) with { Up = false });
        FilterTable.Render(network, NetSpecs.Marks(network)).ShouldNotContain("vmap");
    }

    [Fact]
    public void Towards_the_host_only_answers_pass()
    {
        var network = NetSpecs.Network() with { Public = new PublicSpec("198.51.100.1/24") };
        var text = FilterTable.Render(network, NetSpecs.Marks(network));
        text.ShouldContain("0xffff0000 : jump ingress_host");
        text.ShouldContain("  chain ingress_host {\n    jump state\n    icmp type echo-request limit rate 50/second accept\n    drop\n  }\n");
    }
}
