using System.Net;

namespace Ciel.Core.Http.Egress;

/// <summary>Decides to which addresses a call may go.</summary>
/// <param name="options">What the operator said.</param>
/// <param name="own">The addresses that this host has now.</param>
public sealed class EgressGate(EgressOptions options, Func<IReadOnlyCollection<IPAddress>> own)
{
    /// <summary>The URL, if it is one that a tenant may name.</summary>
    /// <exception cref="EgressRefusedException">It is no URL of http or https, or bears a password.</exception>
    public static Uri Url(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) ? Require(url) : throw new EgressRefusedException($"\"{text}\" is no URL that begins with http:// or https://.");

    /// <summary>The same URL, looked at.</summary>
    /// <exception cref="EgressRefusedException">As for <see cref="Url"/>.</exception>
    public static Uri Require(Uri url)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0)
        {
            throw new EgressRefusedException($"\"{url.OriginalString}\" is no URL that begins with http:// or https://.");
        }

        return url.UserInfo.Length == 0 ? url : throw new EgressRefusedException("The URL bears a user name or password. Put a secret into its path or query instead.");
    }

    /// <summary>Those of a host's addresses to which the call may go, in their order.</summary>
    /// <exception cref="EgressRefusedException">There is none. The sentence goes to a tenant, so it tells no address that a name resolved to: it may be one of the cloud's own network.</exception>
    public IReadOnlyList<IPAddress> Open(string host, int port, IReadOnlyCollection<IPAddress> resolved)
    {
        var mine = own();
        IPAddress[] open = [.. resolved.Where(address => options.Allow.Any(t => t.Covers(host, address, port)) || (EgressAddresses.IsPublic(address) && !IsOwn(address, mine)))];
        return open.Length > 0
            ? open
            : throw new EgressRefusedException(resolved.Count == 0
                ? $"{host} has no address."
                : $"{host}:{port} is, or leads to, what is not a public address of somebody else. The operator may allow it with --egress-allow {host}:{port}.");
    }

    private bool IsOwn(IPAddress address, IReadOnlyCollection<IPAddress> mine)
    {
        var plain = EgressAddresses.Within(address) ?? address;
        return options.Own.Any(range => range.Contains(plain)) || mine.Contains(address) || mine.Contains(plain);
    }
}
