using Ciel.Core.Errors;
using Ciel.Services.Network;

namespace Ciel.Tests.Network;

/// <summary>What holds within one security group rule, and how rules reach a port.</summary>
public class RuleTests
{
    private static GroupRule Rule(string? protocol, int? min = null, int? max = null, string ethertype = GroupRule.IPv4, string? cidr = null) => new()
    {
        Id = "r",
        GroupId = "g",
        Protocol = protocol,
        PortMin = min,
        PortMax = max,
        Ethertype = ethertype,
        RemoteCidr = cidr,
    };

    [Theory]
    [InlineData("tcp", 22, 22)]
    [InlineData("udp", null, null)]
    [InlineData("17", 1, 65535)]
    [InlineData("icmp", 8, 0)]
    [InlineData("icmp", 11, null)]
    [InlineData("gre", null, null)]
    [InlineData("255", null, null)]
    [InlineData(null, null, null)]
    public void GoodRulesPass(string? protocol, int? min, int? max) => Should.NotThrow(() => GroupRuleRules.Check(Rule(protocol, min, max)));

    [Theory]
    [InlineData("tcp", -16, 80, "SecurityGroupInvalidPortValue")]
    [InlineData("tcp", 80, 79, "SecurityGroupInvalidPortRange")]
    [InlineData("tcp", 80, 65536, "SecurityGroupInvalidPortValue")]
    [InlineData("tcp", null, 6, "SecurityGroupInvalidPortRange")]
    [InlineData("icmp", 1, 256, "SecurityGroupInvalidIcmpValue")]
    [InlineData("icmp", -1, 25, "SecurityGroupInvalidIcmpValue")]
    [InlineData("icmp", null, 6, "SecurityGroupMissingIcmpType")]
    [InlineData("gre", 1, 2, "SecurityGroupInvalidProtocolForPort")]
    [InlineData("nonsense", null, null, "SecurityGroupRuleInvalidProtocol")]
    [InlineData("256", null, null, "SecurityGroupRuleInvalidProtocol")]
    [InlineData("ipv6-icmp", null, null, "SecurityGroupEthertypeConflictWithProtocol")]
    [InlineData(null, 1, 2, "SecurityGroupProtocolRequiredWithPorts")]
    public void BadRulesAreRefusedByName(string? protocol, int? min, int? max, string kind) =>
        Should.Throw<Fault>(() => GroupRuleRules.Check(Rule(protocol, min, max))).Kind.ShouldBe(kind);

    [Fact]
    public void TheRangeMustBeOfTheRulesVersion()
    {
        Should.Throw<Fault>(() => GroupRuleRules.Check(Rule("tcp", cidr: "fd00::/64"))).Kind.ShouldBe("SecurityGroupRuleParameterConflict");
        Should.NotThrow(() => GroupRuleRules.Check(Rule("tcp", ethertype: GroupRule.IPv6, cidr: "fd00::/64")));
    }

    [Fact]
    public void RulesThatLetTheSamePassAreTheSame()
    {
        Rule("tcp", 1, 2, cidr: "10.0.0.7/24").Signature.ShouldBe(Rule("6", 1, 2, cidr: "10.0.0.0/24").Signature);
        Rule("icmp", ethertype: GroupRule.IPv6).Signature.ShouldBe(Rule("ipv6-icmp", ethertype: GroupRule.IPv6).Signature);
        Rule("tcp", 1, 2).Signature.ShouldNotBe(Rule("tcp", 1, 3).Signature);
        Rule("tcp", 1, 2).Signature.ShouldNotBe(Rule("tcp", 1, 2, GroupRule.IPv6).Signature);
    }

    [Fact]
    public void APortGetsTheRulesOfItsGroupsOnceEach()
    {
        var port = new Port { Id = "p", Groups = ["g", "h"] };
        var rules = NetworkComposer.RulesFor(port,
        [
            Rule("tcp", 22, 22), Rule("tcp", 22, 22) with { Id = "r2", GroupId = "h" }, Rule("udp") with { GroupId = "other" },
            Rule(null) with { Id = "r3", Direction = GroupRule.Egress, RemoteGroupId = "h" },
        ]);
        rules.ShouldBe([new(true, 4, "tcp", 22, 22, null, null), new(false, 4, null, null, null, null, "h")]);
    }

    [Theory]
    [InlineData("10.0.0.0/31", null, true, "prefix length")]
    [InlineData("224.0.0.0/24", null, true, "Multicast")]
    [InlineData("127.0.0.0/24", null, true, "Loopback")]
    [InlineData("0.0.0.0/0", null, false, "0 is not allowed")]
    [InlineData("10.0.0.0/24", "10.0.0.0", true, "Gateway is not valid")]
    [InlineData("10.0.0.0/24", "10.0.0.255", true, "Gateway is not valid")]
    [InlineData("10.0.0.0/24", "fd00::1", true, "does not match")]
    public void SubnetsThatCannotBeAreRefused(string cidr, string? gateway, bool dhcp, string why) => Should.Throw<Fault>(() => SubnetRules.Check(
        new Subnet { Id = "s", Cidr = cidr, GatewayIp = gateway, EnableDhcp = dhcp, AllocationPools = "[]" })).Message.ShouldContain(why);

    [Theory]
    [InlineData("fd00::/64", "slaac", "dhcpv6-stateful", true)]
    [InlineData("fd00::/64", "slaac", null, false)]
    [InlineData("fd00::/80", "slaac", "slaac", true)]
    public void ModesOfIpv6MustAgree(string cidr, string? ra, string? address, bool dhcp) => Should.Throw<Fault>(() => SubnetRules.Check(
        new Subnet { Id = "s", IpVersion = 6, Cidr = cidr, Ipv6RaMode = ra, Ipv6AddressMode = address, EnableDhcp = dhcp })).Kind.ShouldBe("InvalidInput");
}
