using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Cors;

/// <summary>One rule: which pages of other origins may do what.</summary>
internal sealed record CorsRule(IReadOnlyList<string> Origins, IReadOnlyList<string> Methods, IReadOnlyList<string> Headers, IReadOnlyList<string> Expose, string? MaxAge)
{
    private const int MostRules = 100;

    public static IReadOnlyList<CorsRule> Parse(XElement root) =>
        [.. root.All("CORSRule").Select(r => new CorsRule(List(r, "AllowedOrigin"), List(r, "AllowedMethod"), List(r, "AllowedHeader"), List(r, "ExposeHeader"), r.Text("MaxAgeSeconds")))];

    public static void Check(XElement root)
    {
        var rules = Parse(root);
        if (rules.Count is 0 or > MostRules || rules.Any(r => r.Origins.Count == 0 || r.Methods.Count == 0))
        {
            throw Faults.MalformedXml();
        }

        if (rules.SelectMany(r => r.Methods).FirstOrDefault(m => !IsMethod(m)) is { } method)
        {
            throw Faults.InvalidRequest($"Found unsupported HTTP method in CORS config. Unsupported method is {method}");
        }

        if (rules.SelectMany(r => r.Origins.Concat(r.Headers)).Any(o => o.Count(c => c == '*') > 1))
        {
            throw Faults.InvalidRequest("AllowedOrigin and AllowedHeader can not have more than one wildcard.");
        }

        if (rules.SelectMany(r => r.Headers.Concat(r.Expose)).FirstOrDefault(h => !IsName(h)) is { } header)
        {
            throw Faults.InvalidRequest($"Header \"{header}\" contains invalid character.");
        }

        if (rules.SelectMany(r => r.Expose).FirstOrDefault(h => h.Contains('*', StringComparison.Ordinal)) is { } wild)
        {
            throw Faults.InvalidRequest($"ExposeHeader \"{wild}\" contains wildcard. We currently do not support wildcard for ExposeHeader.");
        }
    }

    /// <summary>Whether it is a method that a page may ask for.</summary>
    public static bool IsMethod(string method) => method is "GET" or "PUT" or "POST" or "DELETE" or "HEAD";

    /// <summary>Whether it is a header's name (RFC 9110, 5.6.2).</summary>
    public static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));

    public bool Fits(string origin, string method, IEnumerable<string> headers) =>
        Methods.Contains(method) && Origins.Any(o => Words.Like(o, origin, ignoreCase: false)) && headers.All(h => Headers.Any(a => Words.Like(a, h, ignoreCase: true)));

    private static List<string> List(XElement rule, string name) => [.. rule.All(name).Select(e => e.Value)];
}
