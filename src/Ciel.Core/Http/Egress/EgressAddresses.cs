using System.Net;
using System.Net.Sockets;

namespace Ciel.Core.Http.Egress;

/// <summary>Which addresses are not the public internet's (IANA's special-purpose registries, RFC 6890).</summary>
internal static class EgressAddresses
{
    private static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(range => IPNetwork.Parse(range)),
    ];

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] ClosedSix = [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20" }.Select(range => IPNetwork.Parse(range))];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork[] Translated = [IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("::/96")];

    /// <summary>Whether the address may belong to anybody out there. An IPv4 address within an IPv6 one counts for itself.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (Within(address) is { } four)
        {
            return IsPublic(four);
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(Closed, range => range.Contains(address))
            : Global.Contains(address) && !Array.Exists(ClosedSix, range => range.Contains(address));
    }

    /// <summary>The IPv4 address that an IPv6 address leads to (mapped, NAT64, 6to4); null for others.</summary>
    public static IPAddress? Within(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        return Array.Exists(Translated, range => range.Contains(address)) ? new IPAddress(bytes.AsSpan(12))
            : SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4)) : null;
    }
}
