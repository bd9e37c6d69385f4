using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ciel.Services.Compute;

/// <summary>Addresses in the one form that all write alike (RFC 5952), without dotted ends.</summary>
internal static class Ipv6Text
{
    /// <summary>The canonical text of an address; IPv4 as it is.</summary>
    public static string Canonical(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        var groups = Enumerable.Range(0, 8).Select(i => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2 * i))).ToArray();
        var (start, length) = LongestZeroes(groups);
        return length < 2
            ? Words(groups)
            : Words(groups[..start]) + "::" + Words(groups[(start + length)..]);
    }

    private static (int Start, int Length) LongestZeroes(ushort[] groups)
    {
        var best = (Start: 0, Length: 0);
        for (var start = 0; start < groups.Length; start++)
        {
            var length = groups.Skip(start).TakeWhile(g => g == 0).Count();
            best = length > best.Length ? (start, length) : best;
        }

        return best;
    }

    private static string Words(IEnumerable<ushort> groups) => string.Join(':', groups.Select(g => g.ToString("x", CultureInfo.InvariantCulture)));
}
