using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>
/// The bridge family's table of a network: it drops what a guest may not claim to be, and marks each packet with the number of
/// the port that it came in on (low 16 bits) and goes out to (high 16 bits), because the IP families see only the bridge.
/// </summary>
internal static class BridgeTable
{
    private const string Unnumbered = "0.0.0.0";

    public static string Render(string networkId, NetworkSpec spec, IReadOnlyDictionary<string, int> marks) => NftText.Table("bridge", table =>
    {
        table.Chain(
            "prerouting",
            "type filter hook prerouting priority -300; policy accept;",
            "meta mark set 0",
            $"ip daddr {MetadataAddress.Value} tcp dport 80 ether daddr set {Mac.OfBridge(networkId)} meta pkttype set host",
            NftText.Map("iifname vmap", spec.Ports.Select(port => $"\"{HostNames.Tap(port.Id)}\" : jump from_{marks[port.Id]}")));
        table.Chain(
            "forward",
            "type filter hook forward priority -300; policy accept;",
            NftText.Map("oifname vmap", Outlets(spec, marks)));
        foreach (var port in spec.Ports)
        {
            table.Chain($"from_{marks[port.Id]}", From(port, marks[port.Id]));
            table.Chain($"to_{marks[port.Id]}", To(port, marks[port.Id]));
        }

        if (spec.Public is not null)
        {
            table.Chain("to_host", ToHost());
        }
    });

    private static IEnumerable<string> Outlets(NetworkSpec spec, IReadOnlyDictionary<string, int> marks)
    {
        var outlets = spec.Ports.Select(port => $"\"{HostNames.Tap(port.Id)}\" : jump to_{marks[port.Id]}");
        return spec.Public is null ? outlets : outlets.Append($"\"{NetworkLinks.HostPeer}\" : jump to_host");
    }

    private static IEnumerable<string?> From(PortSpec port, int mark) => port switch
    {
        { Up: false } => ["drop"],
        { PortSecurity: false } => [DhcpPace, $"meta mark set {mark}"],
        _ => [DhcpPace, .. Genuine(port, mark)],
    };

    /// <summary>dnsmasq writes a line for each request: a guest must not fill the disk with them.</summary>
    private const string DhcpPace = "udp dport 67 limit rate over 10/second burst 40 packets drop";

    /// <summary>A tagged frame would pass by the IP families unseen, and a guest takes tag 0 for none.</summary>
    private const string Plain = "ether type != { ip, ip6, arp } drop";

    private static IEnumerable<string?> Genuine(PortSpec port, int mark)
    {
        var sources = Sources(port);
        var v4 = sources.Where(source => !source.Range.IsV6).Select(source => $"{source.Mac} . {source.Range}").ToArray();
        var v6 = sources.Where(source => source.Range.IsV6).Select(source => $"{source.Mac} . {source.Range}").ToArray();
        var source6 = $"ether saddr . ip6 saddr {NftText.Braces(v6)}";
        return
        [
            Plain,
            $"ether saddr != {NftText.Braces(sources.Select(source => source.Mac).Append(Mac.Parse(port.Mac)).Distinct())} drop",
            "udp sport 67 udp dport 68 drop",
            "udp sport 547 udp dport 546 drop",
            "icmpv6 type { nd-router-advert, nd-redirect } drop",
            $"udp sport 68 udp dport 67 @th,288,48 != 0x{Mac.Hex(port.Mac)} drop",
            $"meta mark set {mark}",
            $"arp saddr ether {Mac.Parse(port.Mac)} arp saddr ip {Unnumbered} accept",
            v4.Length > 0 ? $"arp saddr ether . arp saddr ip {NftText.Braces(v4)} accept" : null,
            $"ip saddr {Unnumbered} udp sport 68 udp dport 67 accept",
            v4.Length > 0 ? $"ether saddr . ip saddr {NftText.Braces(v4)} accept" : null,
            "ip6 saddr :: icmpv6 type { nd-neighbor-solicit, nd-router-solicit, mld-listener-report, mld2-listener-report } accept",
            .. Advertised(sources).Select(target => $"icmpv6 type nd-neighbor-advert {target} {source6} accept"),
            "icmpv6 type nd-neighbor-advert drop",
            $"{source6} accept",
            "drop",
        ];
    }

    private static string[] Advertised(IReadOnlyList<Source> sources) =>
        [.. sources.Where(source => source.Range.IsV6).Select(Target).Distinct()];

    /// <summary>The advertised address, 8 bytes into the message (RFC 4861, 4.4); a range is compared in whole bytes.</summary>
    private static string Target(Source source)
    {
        var bytes = source.Range.Prefix / 8;
        return bytes == 0 ? "" : $"@th,64,{bytes * 8} 0x{Convert.ToHexStringLower(source.Range.Base.GetAddressBytes().AsSpan(0, bytes))}";
    }

    private static List<Source> Sources(PortSpec port)
    {
        var own = Mac.Parse(port.Mac);
        var sources = port.Addresses.Select(address => new Source(own, Cidr.Parse(Cidr.Host(address.Address))))
            .Concat(port.AllowedPairs.Select(pair => new Source(Mac.Parse(pair.Mac), Cidr.Parse(pair.Cidr)))).ToList();
        var macs = sources.Select(source => source.Mac).Append(own).Distinct().ToArray();
        sources.AddRange(macs.Select(mac => new Source(mac, Cidr.Parse(Mac.LinkLocal(mac)))));

        // nft refuses a set whose ranges overlap.
        return [.. sources.Distinct().Where(source => !sources.Any(other =>
            other != source && other.Mac == source.Mac && other.Range.Contains(source.Range)))];
    }

    private static IEnumerable<string?> To(PortSpec port, int mark) => port switch
    {
        { Up: false } => ["drop"],
        { PortSecurity: false } => [],

        _ => [Plain, $"meta mark set meta mark and 0xffff or 0x{mark << 16:x}"],
    };

    private static IEnumerable<string?> ToHost() =>
    [
        Plain,
        "icmpv6 type { nd-router-advert, nd-redirect } drop",
        "udp dport { 68, 546 } drop",
        $"meta mark set meta mark and 0xffff or 0x{FilterTable.HostMark << 16:x}",
    ];

    private sealed record Source(string Mac, Cidr Range);
}
