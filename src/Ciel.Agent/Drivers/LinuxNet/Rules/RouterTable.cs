using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>A router's rules: translation of addresses, and what it forwards.</summary>
internal static class RouterTable
{
    public static string Render(RouterSpec spec)
    {
        var floating = spec.Gateway is null ? [] : spec.FloatingAddresses
            .Select(address => (Public: Cidr.Host(address.Public), Fixed: Cidr.Host(address.Fixed))).ToArray();
        return Filter(spec, floating) + Translation(spec.Gateway, floating);
    }

    private static string Filter(RouterSpec spec, (string Public, string Fixed)[] floating) => NftText.Table("inet", table =>
    {
        table.Chain(
            "input",
            "type filter hook input priority 0; policy drop;",
            "ct state established,related accept",
            "meta l4proto { icmp, ipv6-icmp } accept");
        var policy = $"type filter hook forward priority 0; policy {(spec.Up ? "accept" : "drop")};";
        table.Chain("forward", spec.Up ? [policy, .. Forward(spec.Gateway, floating)] : [policy]);
    });

    /// <summary>
    /// A flow keeps its translation for life in connection tracking: one that stands on a floating address or gateway that the
    /// router no longer has is cut here. Where sources are translated, nothing behind the router is reached but by a floating address.
    /// </summary>
    private static IEnumerable<string> Forward(RouterGateway? gateway, (string Public, string Fixed)[] floating)
    {
        var notFloating = floating.Length == 0 ? "" : " ct original ip daddr . ct reply ip saddr != "
            + NftText.Braces(floating.Select(address => $"{address.Public} . {address.Fixed}"));
        var notOwn = floating.Length == 0 ? "" : " ct original ip saddr . ct reply ip daddr != "
            + NftText.Braces(floating.Select(address => $"{address.Fixed} . {address.Public}"));
        var notGateway = Address(gateway) is { } own ? $" ct reply ip daddr != {own}" : "";
        yield return $"ct status dnat{notFloating} drop";
        yield return $"ct status snat{notGateway}{notOwn} drop";
        if (gateway is { Snat: true })
        {
            var leg = HostNames.RouterLeg(gateway.Leg.PortId);

            // What connection tracking cannot place is not translated either, and would go out under whatever source its guest wrote.
            yield return $"meta nfproto ipv4 oifname \"{leg}\" ct state invalid drop";
            yield return $"meta nfproto ipv4 iifname \"{leg}\" ct direction original ct status ! dnat ct state != related drop";
        }
    }

    private static string Translation(RouterGateway? gateway, (string Public, string Fixed)[] floating) => NftText.Table("ip", table =>
    {
        if (gateway is null)
        {
            return;
        }

        var leg = HostNames.RouterLeg(gateway.Leg.PortId);
        var dnat = NftText.Map("dnat to ip daddr map", floating.Select(address => $"{address.Public} : {address.Fixed}"));
        var snat = NftText.Map("snat to ip saddr map", floating.DistinctBy(address => address.Fixed)
            .Select(address => $"{address.Fixed} : {address.Public}"));
        var own = Address(gateway) is { } address ? $"snat to {address}" : null;
        table.Chain("prerouting", "type nat hook prerouting priority -100; policy accept;", dnat);

        // Guests of this router that meet by a floating address must answer through the router, or the opener would not know them.
        table.Chain(
            "postrouting",
            "type nat hook postrouting priority 100; policy accept;",
            Prefixed($"oifname \"{leg}\"", snat),
            gateway.Snat ? Prefixed($"oifname \"{leg}\"", own) : null,
            Prefixed($"iifname != \"{leg}\" ct status dnat", snat),
            Prefixed($"iifname != \"{leg}\" ct status dnat", own));
    });

    private static string? Prefixed(string match, string? statement) => statement is null ? null : $"{match} {statement}";

    private static string? Address(RouterGateway? gateway) => gateway?.Leg.Addresses.Select(Cidr.Interface)
        .Where(address => !Cidr.Parse(address).IsV6)
        .Select(address => address[..address.IndexOf('/', StringComparison.Ordinal)]).FirstOrDefault();
}
