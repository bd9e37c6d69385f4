using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Services.Network;

/// <summary>Ethernet addresses: colon-separated lower-case hex.</summary>
internal static class Mac
{
    /// <summary>The canonical text; null for what is no unicast address.</summary>
    public static string? Parse(string text)
    {
        var parts = text.Split(text.Contains('-', StringComparison.Ordinal) ? '-' : ':');
        if (parts.Length != 6 || !parts.All(p => p.Length == 2 && p.All(char.IsAsciiHexDigit)))
        {
            return null;
        }

        var mac = string.Join(':', parts).ToLowerInvariant();
        return mac == "00:00:00:00:00:00" ? null : mac;
    }

    /// <summary>The address that a port gets: made from its id, so that a transaction that runs twice chooses the same.</summary>
    /// <param name="portId">The port.</param>
    /// <param name="attempt">Another number, another address.</param>
    public static string For(string portId, int attempt)
    {
        var hash = Chance.Bytes(portId, "mac", attempt);
        return $"fa:16:3e:{hash[0]:x2}:{hash[1]:x2}:{hash[2]:x2}";
    }

    /// <summary>The address that a host with this Ethernet address gives itself in a /64 (RFC 4291, appendix A).</summary>
    public static Ip Eui64(Cidr range, string mac)
    {
        var value = UInt128.Zero;
        foreach (var part in mac.Split(':'))
        {
            value = (value << 8) | byte.Parse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        var host = ((value >> 24) << 40) | ((UInt128)0xfffe << 24) | (value & 0xffffff);
        return range.First.Plus(host ^ ((UInt128)0x02 << 56));
    }
}

/// <summary>Choices that look random and are the same each time: ids are unpredictable already.</summary>
internal static class Chance
{
    public static byte[] Bytes(string id, string what, int attempt) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{id}/{what}/{attempt.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>A number below the bound.</summary>
    public static UInt128 Below(UInt128 bound, string id, string what, int attempt)
    {
        var value = UInt128.Zero;
        foreach (var part in Bytes(id, what, attempt).AsSpan(0, 16))
        {
            value = (value << 8) | part;
        }

        return value % bound;
    }
}
