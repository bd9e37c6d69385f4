using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>An address range, checked and normalised, so that no text of a spec reaches a command unread.</summary>
internal readonly record struct Cidr(IPAddress Base, int Prefix)
{
    public bool IsV6 => Base.AddressFamily == AddressFamily.InterNetworkV6;

    public bool IsHost => Prefix == (IsV6 ? 128 : 32);

    /// <summary>Reads an address or a range; host bits are cleared.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Cidr Parse(string text)
    {
        var (address, prefix) = Split(text);
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new Cidr(new IPAddress(bytes), prefix);
    }

    /// <summary>Reads an address with its range's prefix, such as <c>10.0.0.1/24</c>, and keeps the host bits.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static string Interface(string text)
    {
        var (address, prefix) = Split(text);
        return $"{address}/{prefix}";
    }

    /// <summary>Reads a single address.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static string Host(string text) => Split(text) is var (address, prefix) && new Cidr(address, prefix).IsHost
        ? address.ToString()
        : throw new FormatException($"not an address: {text}");

    /// <summary>Whether all of the other lies in this one.</summary>
    public bool Contains(Cidr other) => IsV6 == other.IsV6 && Prefix <= other.Prefix && Parse($"{other.Base}/{Prefix}").Base.Equals(Base);

    public override string ToString() => IsHost ? Base.ToString() : $"{Base}/{Prefix}";

    private static (IPAddress Address, int Prefix) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address) || Scoped(address))
        {
            throw new FormatException($"not an address: {text}");
        }

        var longest = address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;
        if (slash < 0)
        {
            return (address, longest);
        }

        return int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) && prefix <= longest
            ? (address, prefix)
            : throw new FormatException($"not an address range: {text}");
    }

    private static bool Scoped(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0;
}
