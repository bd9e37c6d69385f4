using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>Hardware addresses.</summary>
internal static partial class Mac
{
    /// <summary>Checks one and answers it in lower case.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static string Parse(string text) => Shape().IsMatch(text)
        ? text.ToLowerInvariant()
        : throw new FormatException($"not a hardware address: {text}");

    /// <summary>Its twelve hex digits, as nft compares raw bytes.</summary>
    public static string Hex(string mac) => Parse(mac).Replace(":", "", StringComparison.Ordinal);

    /// <summary>The link-local address that a host forms from it (RFC 4291, appendix A).</summary>
    public static string LinkLocal(string mac)
    {
        var hex = Convert.FromHexString(Hex(mac));
        byte[] address = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, (byte)(hex[0] ^ 2), hex[1], hex[2], 0xff, 0xfe, hex[3], hex[4], hex[5]];
        return new IPAddress(address).ToString();
    }

    /// <summary>
    /// A network's bridge has one for good: a bridge left alone takes the lowest of its ports', and guests remember the old one.
    /// </summary>
    public static string OfBridge(string networkId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(networkId));
        return $"02:{hash[0]:x2}:{hash[1]:x2}:{hash[2]:x2}:{hash[3]:x2}:{hash[4]:x2}";
    }

    [GeneratedRegex("^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}\\z")]
    private static partial Regex Shape();
}
