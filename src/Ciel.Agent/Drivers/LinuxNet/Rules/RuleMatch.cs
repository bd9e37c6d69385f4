using System.Globalization;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>One security group rule as an nft match.</summary>
internal static class RuleMatch
{
    /// <summary>Protocol names as Neutron has them, with their numbers.</summary>
    private static readonly Dictionary<string, int> Numbers = new()
    {
        ["ah"] = 51,
        ["dccp"] = 33,
        ["egp"] = 8,
        ["esp"] = 50,
        ["gre"] = 47,
        ["icmp"] = 1,
        ["icmpv6"] = 58,
        ["igmp"] = 2,
        ["ipip"] = 4,
        ["ipv6-encap"] = 41,
        ["ipv6-frag"] = 44,
        ["ipv6-icmp"] = 58,
        ["ipv6-nonxt"] = 59,
        ["ipv6-opts"] = 60,
        ["ipv6-route"] = 43,
        ["ospf"] = 89,
        ["pgm"] = 113,
        ["rsvp"] = 46,
        ["sctp"] = 132,
        ["tcp"] = 6,
        ["udp"] = 17,
        ["udplite"] = 136,
        ["vrrp"] = 112,
    };

    private static readonly Dictionary<int, string> WithPorts = new()
    {
        [6] = "tcp",
        [17] = "udp",
        [33] = "dccp",
        [132] = "sctp",
        [136] = "udplite",
    };

    /// <summary>The match; null where the rule can match nothing, because its remote group has no member of that IP version.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="groupSets">Remote group's id to the nft set of its members of the rule's IP version.</param>
    /// <exception cref="FormatException">The rule is malformed.</exception>
    public static string? Render(RuleSpec rule, IReadOnlyDictionary<string, string> groupSets)
    {
        var family = rule.EtherType == 6 ? "ip6" : "ip";
        var words = new List<string> { rule.EtherType == 6 ? "meta nfproto ipv6" : "meta nfproto ipv4" };
        var side = rule.Ingress ? "saddr" : "daddr";
        if (rule.RemoteCidr is { } cidr)
        {
            words.Add($"{family} {side} {Remote(cidr, rule.EtherType)}");
        }

        if (rule.RemoteGroup is { } group)
        {
            if (!groupSets.TryGetValue(group, out var set))
            {
                return null;
            }

            words.Add($"{family} {side} @{set}");
        }

        if (Number(rule.Protocol, rule.EtherType) is { } number)
        {
            words.Add(Protocol(number, rule));
        }

        return string.Join(' ', words);
    }

    private static Cidr Remote(string cidr, int etherType) => Cidr.Parse(cidr) is var remote && remote.IsV6 == (etherType == 6)
        ? remote
        : throw new FormatException($"a rule for IPv{etherType} names {cidr}");

    private static int? Number(string? protocol, int etherType)
    {
        if (protocol is null or "any")
        {
            return null;
        }

        var number = Numbers.TryGetValue(protocol, out var known) ? known
            : byte.TryParse(protocol, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given
            : throw new FormatException($"no such protocol: {protocol}");

        // Neutron takes "icmp" in a rule for IPv6 to mean ICMPv6.
        return number == 1 && etherType == 6 ? 58 : number;
    }

    private static string Protocol(int number, RuleSpec rule)
    {
        if (rule.PortMin is not { } low)
        {
            return $"meta l4proto {number}";
        }

        if (number is 1 or 58)
        {
            var name = number == 1 ? "icmp" : "icmpv6";
            return rule.PortMax is { } code ? $"{name} type {low} {name} code {code}" : $"{name} type {low}";
        }

        var high = rule.PortMax ?? low;
        var range = low == high ? $"{low}" : $"{low}-{high}";
        return WithPorts.TryGetValue(number, out var word)
            ? $"{word} dport {range}"
            : throw new FormatException($"protocol {rule.Protocol} has no ports");
    }
}
