using System.Globalization;
using System.Net;

namespace Ciel.Core.Http.Egress;

/// <summary>A target that an operator allows.</summary>
/// <param name="Name">The host as URLs name it; null where a range is given.</param>
/// <param name="Range">The addresses; null where a name is given.</param>
/// <param name="Port">Null for every port.</param>
public sealed record EgressTarget(string? Name, IPNetwork? Range, int? Port)
{
    /// <summary>Reads <c>HOST[:PORT]</c>: a name, an address or a range such as <c>10.0.0.0/8</c>; IPv6 in brackets where a port follows.</summary>
    /// <exception cref="FormatException">The text is no such target.</exception>
    public static EgressTarget Parse(string text)
    {
        var (host, port) = Split(text.Trim());
        if (IPAddress.TryParse(host, out var address))
        {
            return new EgressTarget(null, new IPNetwork(address, address.GetAddressBytes().Length * 8), port);
        }

        return host.Contains('/', StringComparison.Ordinal)
            ? new EgressTarget(null, IPNetwork.TryParse(host, out var range) ? range : throw Wrong(text), port)
            : Uri.CheckHostName(host) == UriHostNameType.Dns ? new EgressTarget(host.ToLowerInvariant(), null, port) : throw Wrong(text);
    }

    /// <summary>Whether a call to that host, at that address of it, is meant.</summary>
    public bool Covers(string host, IPAddress address, int port) =>
        (Port is null || Port == port) && (Range?.Contains(address) ?? string.Equals(Name, host, StringComparison.OrdinalIgnoreCase));

    private static (string Host, int? Port) Split(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
        {
            return (text[1..end], end + 1 == text.Length ? null : PortOf(text[(end + 1)..].TrimStart(':'), text));
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || colon != text.LastIndexOf(':') ? (text, null) : (text[..colon], PortOf(text[(colon + 1)..], text));
    }

    private static int PortOf(string text, string whole) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536 ? port : throw Wrong(whole);

    private static FormatException Wrong(string text) => new($"\"{text}\" is no HOST[:PORT]: give a name, an address or a range such as 10.0.0.0/8, and a port where only one is meant.");
}
