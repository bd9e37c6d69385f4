using System.Globalization;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Website;

/// <summary>A bucket's website configuration.</summary>
/// <param name="Index">The name of the page that stands for a folder.</param>
/// <param name="Error">The key of the page for errors; null for none.</param>
/// <param name="All">Where everything is redirected to; null for nowhere.</param>
/// <param name="Rules">In their order.</param>
internal sealed record WebsiteRules(string Index, string? Error, Redirection? All, IReadOnlyList<RoutingRule> Rules)
{
    private const int Most = 50;

    /// <summary>Reads and refuses what S3 refuses.</summary>
    public static WebsiteRules Parse(XElement root)
    {
        if (root.One("RedirectAllRequestsTo") is { } all)
        {
            return root.Elements().Count() > 1 || string.IsNullOrWhiteSpace(all.Text("HostName"))
                ? throw Wrong("RedirectAllRequestsTo cannot be provided in conjunction with other elements, and needs a HostName.")
                : new WebsiteRules("", null, Redirection.Parse(all), []);
        }

        var index = root.One("IndexDocument")?.Text("Suffix")?.Trim();
        if (string.IsNullOrEmpty(index) || index.Contains('/', StringComparison.Ordinal))
        {
            throw Faults.InvalidArgument("IndexDocument", index, "The IndexDocument Suffix is not well formed");
        }

        var error = root.One("ErrorDocument")?.Text("Key")?.Trim();
        List<RoutingRule> rules = [.. root.One("RoutingRules")?.All("RoutingRule").Select(RoutingRule.Parse) ?? []];
        return error is { Length: 0 } ? throw Faults.InvalidArgument("ErrorDocument", error, "The ErrorDocument Key is not well formed")
            : rules.Count > Most ? throw Wrong($"{rules.Count} routing rules provided, the number of routing rules in a website configuration is limited to {Most}.")
            : new WebsiteRules(index, error, null, rules);
    }

    public static void Check(XElement root) => _ = Parse(root);

    public static S3Fault Wrong(string message) => Faults.InvalidRequest(message);
}

/// <summary>When a request to a website goes elsewhere, and where.</summary>
/// <param name="Prefix">The key must begin so.</param>
/// <param name="Status">The error that it would get; null for rules that do not wait for one.</param>
/// <param name="To">Where.</param>
internal sealed record RoutingRule(string Prefix, int? Status, Redirection To)
{
    public static RoutingRule Parse(XElement element)
    {
        var condition = element.One("Condition");
        var code = condition?.Text("HttpErrorCodeReturnedEquals")?.Trim();
        if (condition is not null && code is null && condition.Text("KeyPrefixEquals") is null)
        {
            throw WebsiteRules.Wrong("Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.");
        }

        return new RoutingRule(condition?.Text("KeyPrefixEquals") ?? "", code is null ? null : Code(code, 400, 599, "HttpErrorCodeReturnedEquals"), Redirection.Parse(element.One("Redirect") ?? throw Faults.MalformedXml()));
    }

    public bool Covers(string key, int? status) => Status == status && key.StartsWith(Prefix, StringComparison.Ordinal);

    public static int Code(string text, int least, int most, string name) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code >= least && code <= most
            ? code
            : throw WebsiteRules.Wrong($"The provided HTTP error code ({text}) is not valid as {name}. Valid codes are {least} to {most}.");
}

/// <summary>Where a request is sent.</summary>
internal sealed record Redirection(string? Protocol, string? Host, int Status, string? Key, string? Prefix)
{
    public static Redirection Parse(XElement element)
    {
        var (protocol, host) = (element.Text("Protocol")?.Trim(), element.Text("HostName")?.Trim());
        var (key, prefix) = (element.Text("ReplaceKeyWith"), element.Text("ReplaceKeyPrefixWith"));
        if (protocol is not (null or "http" or "https"))
        {
            throw WebsiteRules.Wrong("Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.");
        }

        if (key is not null && prefix is not null)
        {
            throw WebsiteRules.Wrong("You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
        }

        return host is not null && !IsHost(host.Split(':'))
            ? throw Faults.InvalidArgument("HostName", host, "The HostName is no host name.")
            : new Redirection(protocol, host, element.Text("HttpRedirectCode") is { } code ? RoutingRule.Code(code.Trim(), 301, 308, "HttpRedirectCode") : 301, key, prefix);
    }

    private static bool IsHost(string[] parts) =>
        parts.Length <= 2 && Uri.CheckHostName(parts[0]) != UriHostNameType.Unknown && (parts.Length == 1 || (parts[1].Length > 0 && parts[1].All(char.IsAsciiDigit)));

    /// <summary>The URL for a key.</summary>
    /// <param name="scheme">The request's.</param>
    /// <param name="authority">The request's host and port.</param>
    /// <param name="key">The key that was asked for.</param>
    /// <param name="matched">The prefix by which the rule was found.</param>
    public string Url(string scheme, string authority, string key, string matched) =>
        $"{Protocol ?? scheme}://{Host ?? authority}/{Percent.Encode(Key ?? (Prefix is null ? key : Prefix + key[matched.Length..]), "/")}";
}
