using System.Globalization;

namespace Ciel.Services.Network;

/// <summary>A range of addresses with a common prefix.</summary>
/// <param name="First">The first address: host bits are zero.</param>
/// <param name="Prefix">Bits in common.</param>
internal readonly record struct Cidr(Ip First, int Prefix)
{
    public int Version => First.Version;

    public Ip Last => First with { Value = First.Value | HostMask(Version, Prefix) };

    /// <summary>Takes <c>address/prefix</c>, or an address alone as the range of itself; host bits are cleared. Null for anything else.</summary>
    public static Cidr? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (Ip.Parse(slash < 0 ? text : text[..slash]) is not { } ip)
        {
            return null;
        }

        if (slash < 0)
        {
            return new Cidr(ip, ip.Bits);
        }

        return int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) && prefix <= ip.Bits && text.Length - slash < 5
            ? Around(ip, prefix)
            : null;
    }

    /// <summary>The range of that prefix in which the address lies.</summary>
    public static Cidr Around(Ip ip, int prefix) => new(ip with { Value = ip.Value & ~HostMask(ip.Version, prefix) }, prefix);

    public bool Contains(Ip ip) => ip.Version == Version && ip >= First && ip <= Last;

    public bool Contains(Cidr other) => Contains(other.First) && other.Prefix >= Prefix;

    public bool Overlaps(Cidr other) => Version == other.Version && First <= other.Last && other.First <= Last;

    /// <summary>The range of the same size behind this one; null where there is none.</summary>
    public Cidr? Next() => Last.Value == HostMask(Version, 0) ? null : new Cidr(Last.Plus(1), Prefix);

    public override string ToString() => $"{First}/{Prefix.ToString(CultureInfo.InvariantCulture)}";

    private static UInt128 HostMask(int version, int prefix)
    {
        var hostBits = (version == 4 ? 32 : 128) - prefix;
        return hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
    }
}
