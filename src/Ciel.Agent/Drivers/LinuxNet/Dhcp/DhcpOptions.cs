using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>What guests are told besides their address, as lines of dnsmasq's options file.</summary>
internal static class DhcpOptions
{
    private const string Version6 = "option6:";

    /// <summary>Binds a subnet's range to its options.</summary>
    public static string Tag(SubnetSpec subnet) => "s" + Tail(subnet.Id);

    /// <summary>Binds a port's host line to its options.</summary>
    public static string Tag(PortSpec port) => "p" + Tail(port.Id);

    public static IEnumerable<string> OfSubnet(SubnetSpec subnet, int mtu)
    {
        var tag = "tag:" + Tag(subnet);
        var address = Cidr.Host(subnet.DhcpAddress!);
        var servers = subnet.DnsServers.Count == 0 ? [address] : subnet.DnsServers.Select(Cidr.Host);
        if (Cidr.Parse(subnet.Cidr).IsV6)
        {
            return [$"{tag},option6:dns-server,{string.Join(',', servers.Select(server => $"[{server}]"))}"];
        }

        var gateway = subnet.Gateway is null ? null : Cidr.Host(subnet.Gateway);
        var routes = $"{MetadataAddress.Value}/32,{address}" + string.Concat(subnet.Routes.Select(Route))
            + (gateway is null ? "" : $",0.0.0.0/0,{gateway}");
        return
        [
            // An empty option keeps dnsmasq from naming itself.
            gateway is null ? $"{tag},option:router" : $"{tag},option:router,{gateway}",

            // A client that takes classless routes ignores the router option (RFC 3442); 249 is Microsoft's number for them.
            $"{tag},option:classless-static-route,{routes}",
            $"{tag},249,{routes}",
            $"{tag},option:dns-server,{string.Join(',', servers)}",
            $"{tag},option:mtu,{mtu}",
        ];
    }

    /// <summary>A port's own options, by name or by number; what cannot be one is left out.</summary>
    public static IEnumerable<string> OfPort(PortSpec port) =>
        from option in port.DhcpOptions.OrderBy(option => option.Key, StringComparer.Ordinal)
        where option.Value.All(letter => letter is >= ' ' and <= '~')
        let key = Key(option.Key)
        where key is not null
        select $"tag:{Tag(port)},{key},{option.Value}";

    /// <summary>How dnsmasq names an option; those of DHCPv6 bear <c>option6:</c> already.</summary>
    private static string? Key(string key)
    {
        var v6 = key.StartsWith(Version6, StringComparison.Ordinal);
        var name = v6 ? key[Version6.Length..] : key;
        return name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') ? null
            : v6 ? key
            : name.All(char.IsAsciiDigit) ? name
            : "option:" + name;
    }

    private static string Route(RouteSpec route)
    {
        var range = Cidr.Parse(route.Destination);
        return $",{range.Base}/{range.Prefix},{Cidr.Host(route.NextHop)}";
    }

    private static string Tail(string id) => id[^11..];
}
