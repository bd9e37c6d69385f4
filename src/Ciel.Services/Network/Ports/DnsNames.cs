using System.Text.RegularExpressions;
using Ciel.Core.Http;

namespace Ciel.Services.Network;

/// <summary>Names of ports and networks (RFC 1035, 2.3.1).</summary>
internal static partial class DnsNames
{
    /// <summary>The domain in which a network's name server answers for its guests.</summary>
    public const string OwnDomain = "novalocal";

    /// <summary>The attribute <c>dns_name</c>: one label, since the domain is the cloud's own.</summary>
    public static string Name(Input input, string current)
    {
        var name = input.Text("dns_name", current).ToLowerInvariant();
        return name.Length == 0 || (Labels().IsMatch(name) && !name.Contains('.', StringComparison.Ordinal)) ? name : throw input.Refuse("dns_name", name, $"'{name}' is not a valid PQDN or FQDN");
    }

    /// <summary>The attribute <c>dns_domain</c>, which ends with a dot.</summary>
    public static string Domain(Input input, string current)
    {
        var domain = input.Text("dns_domain", current).ToLowerInvariant();
        return domain.Length == 0 || (domain.EndsWith('.') && Labels().IsMatch(domain[..^1]))
            ? domain
            : throw input.Refuse("dns_domain", domain, $"'{domain}' is not a FQDN");
    }

    /// <summary>The name of a guest that has none.</summary>
    public static string Of(string address) => "host-" + address.Replace('.', '-').Replace(':', '-');

    [GeneratedRegex(@"^(?=.{1,253}\z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Labels();
}
