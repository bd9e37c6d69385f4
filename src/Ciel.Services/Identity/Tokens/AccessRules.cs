using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.Identity.Tokens;

/// <summary>
/// Whether an access rule covers a request. In a rule's path <c>*</c> and <c>{name}</c> stand for one segment and <c>**</c> for any number.
/// </summary>
internal static class AccessRules
{
    private const int MostPatterns = 10_000;
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new();

    public static bool Allows(AccessRule rule, HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        var end = path.IndexOf('/', 1);
        var (door, rest) = end < 0 ? (path[1..], "/") : (path[1..end], path[end..]);
        return rule.Service == TypeOf(door) && rule.Method == request.Method && Pattern(rule.Path).IsMatch(rest);
    }

    private static string TypeOf(string door) => door == "volume" ? "volumev3" : door;

    private static Regex Pattern(string path)
    {
        if (Patterns.Count >= MostPatterns)
        {
            Patterns.Clear();
        }

        return Patterns.GetOrAdd(path, Compile);
    }

    // Segments are escaped before stars and braces get their meaning; matching never backtracks.
    private static Regex Compile(string path)
    {
        var pattern = string.Join('/', path.Split('/').Select(segment => segment switch
        {
            "**" => ".*",
            "*" => "[^/]+",
            ['{', .., '}'] => "[^/]+",
            _ => Regex.Escape(segment).Replace("\\*", "[^/]*", StringComparison.Ordinal),
        }));
        return new Regex($@"^{pattern}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }
}
