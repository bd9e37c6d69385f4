using System.Globalization;

namespace Ciel.Services.Network;

/// <summary>The IP protocols that rules may name (IANA "Protocol Numbers", with Neutron's spellings).</summary>
internal static class Protocols
{
    private static readonly Dictionary<string, int> ByName = new()
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

    /// <summary>All names, for messages.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The number; null for what is none.</summary>
    /// <param name="protocol">A name or a number from 0 to 255.</param>
    /// <param name="v6">In IPv6, <c>icmp</c> means ICMPv6.</param>
    public static int? Number(string protocol, bool v6)
    {
        if (ByName.TryGetValue(protocol, out var number))
        {
            return v6 && number == 1 ? 58 : number;
        }

        return int.TryParse(protocol, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given <= 255 ? v6 && given == 1 ? 58 : given : null;
    }

    /// <summary>Whether it has ports: TCP, UDP, DCCP, SCTP, UDP-Lite.</summary>
    public static bool HasPorts(int number) => number is 6 or 17 or 33 or 132 or 136;

    public static bool IsIcmp(int number) => number is 1 or 58;
}
