using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ciel.Services.Network;

/// <summary>An IPv4 or IPv6 address as a number.</summary>
/// <param name="Value">The address, the highest byte first.</param>
/// <param name="Version">4 or 6.</param>
internal readonly record struct Ip(UInt128 Value, int Version) : IComparable<Ip>
{
    public int Bits => Version == 4 ? 32 : 128;

    /// <summary>Takes dotted decimal with four parts, or RFC 4291 text without scope; null for anything else.</summary>
    public static Ip? Parse(string text)
    {
        if (text.Length > 45 || !IsPlain(text) || !IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        var value = UInt128.Zero;
        foreach (var part in bytes)
        {
            value = (value << 8) | part;
        }

        return new Ip(value, address.AddressFamily == AddressFamily.InterNetwork ? 4 : 6);
    }

    public int CompareTo(Ip other) => Version != other.Version ? Version.CompareTo(other.Version) : Value.CompareTo(other.Value);

    public static bool operator <(Ip left, Ip right) => left.CompareTo(right) < 0;

    public static bool operator >(Ip left, Ip right) => left.CompareTo(right) > 0;

    public static bool operator <=(Ip left, Ip right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Ip left, Ip right) => left.CompareTo(right) >= 0;

    public Ip Plus(UInt128 offset) => this with { Value = Value + offset };

    public Ip Minus(UInt128 offset) => this with { Value = Value - offset };

    /// <summary>The canonical text (RFC 5952 for IPv6), by which addresses are compared everywhere else.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bits / 8];
        var rest = Value;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            bytes[i] = (byte)(rest & 0xff);
            rest >>= 8;
        }

        return new IPAddress(bytes).ToString();
    }

    // The parser also takes 1.2, 0x7f.1 and octal parts, as inet_aton does; the API does not.
    private static bool IsPlain(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');
        }

        var parts = text.Split('.');
        return parts.Length == 4 && parts.All(p => p.Length is > 0 and < 4 && p.All(char.IsAsciiDigit)
            && p == int.Parse(p, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
    }
}
