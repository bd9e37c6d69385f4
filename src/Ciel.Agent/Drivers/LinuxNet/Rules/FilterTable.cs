using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>
/// The IP families' table of a network: security groups, stateful by br_netfilter, and what guests may ask of the network's own
/// services. The opener's packets meet the rules each time, so that a removed rule also ends what it once let in; from the first
/// packet that is denied, the flow's connection mark stops the answers, too.
/// </summary>
internal static class FilterTable
{
    /// <summary>Stands for the host in the outgoing half of a packet's mark.</summary>
    public const int HostMark = 0xffff;

    private const string Deny = "ct mark set 1 drop";

    public static string Render(NetworkSpec spec, IReadOnlyDictionary<string, int> marks) => NftText.Table("inet", table =>
    {
        var sets4 = Sets(table, spec, v6: false);
        var sets6 = Sets(table, spec, v6: true);
        var guarded = spec.Ports.Where(port => port is { Up: true, PortSecurity: true }).ToArray();
        var egress = NftText.Map("meta mark and 0xffff vmap", guarded.Select(port => $"{marks[port.Id]} : jump egress_{marks[port.Id]}"));
        var ingress = guarded.Select(port => $"0x{marks[port.Id] << 16:x} : jump ingress_{marks[port.Id]}");
        if (spec.Public is not null)
        {
            ingress = ingress.Append($"0x{HostMark << 16:x} : jump ingress_host");
            // The host is the public range's gateway, and people ask a gateway whether it is there; nothing else reaches it.
            table.Chain("ingress_host", "jump state", "icmp type echo-request limit rate 50/second accept", "drop");
        }

        Shared(table, egress, NftText.Map("meta mark and 0xffff0000 vmap", ingress));
        foreach (var port in guarded)
        {
            var rules = port.Rules.Select(rule => (rule.Ingress, Match: RuleMatch.Render(rule, rule.EtherType == 6 ? sets6 : sets4)))
                .Where(rule => rule.Match is not null).Distinct().ToArray();
            table.Chain($"egress_{marks[port.Id]}", ["jump state", .. Dhcp("68", "67", "546", "547"), .. Passing(rules, false), Deny]);
            table.Chain($"ingress_{marks[port.Id]}", ["jump state", .. Dhcp("67", "68", "547", "546"), .. Passing(rules, true), Deny]);
        }
    });

    private static void Shared(NftText table, string? egress, string? ingress)
    {
        table.Chain(
            "state",
            "ct state invalid drop",
            "ct state related accept",
            "ct direction reply ct mark 0 accept",
            "icmpv6 type { mld-listener-query, mld-listener-report, mld2-listener-report, nd-router-solicit, nd-router-advert, "
                + "nd-neighbor-solicit, nd-neighbor-advert } accept");
        table.Chain(
            "forward",
            "type filter hook forward priority 0; policy accept;",
            egress,
            ingress,
            "ct direction original ct mark 1 ct mark set 0");
        table.Chain(
            "input",
            "type filter hook input priority 0; policy drop;",
            "udp dport { 67, 547 } accept",
            $"ip daddr {MetadataAddress.Value} tcp dport 80 accept",
            egress,
            "ct state established,related accept",
            "meta l4proto ipv6-icmp accept",
            "icmp type echo-request accept",
            "meta l4proto { tcp, udp } th dport 53 accept");
    }

    private static Dictionary<string, string> Sets(NftText table, NetworkSpec spec, bool v6)
    {
        var sets = new Dictionary<string, string>();
        foreach (var (index, (group, members)) in spec.Groups.OrderBy(group => group.Key, StringComparer.Ordinal).Index())
        {
            var ranges = members.Select(Cidr.Parse).Where(member => member.IsV6 == v6).Select(member => member.ToString()).Distinct().ToArray();
            if (ranges.Length > 0)
            {
                sets[group] = $"group_{index}_v{(v6 ? 6 : 4)}";
                table.Set(sets[group], v6 ? "ipv6_addr" : "ipv4_addr", ranges.Order(StringComparer.Ordinal));
            }
        }

        return sets;
    }

    private static IEnumerable<string> Passing(IEnumerable<(bool Ingress, string? Match)> rules, bool ingress) =>
        rules.Where(rule => rule.Ingress == ingress).Select(rule => rule.Match + " return");

    private static string[] Dhcp(string from, string to, string from6, string to6) =>
        [$"udp sport {from} udp dport {to} return", $"udp sport {from6} udp dport {to6} return"];
}
