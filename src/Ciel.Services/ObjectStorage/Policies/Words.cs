using System.Text.Json;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>A list of patterns that must match, or must not (NotAction, NotResource). <c>*</c> is anything, <c>?</c> one character.</summary>
internal sealed record Words(IReadOnlyList<string> All, bool Not, bool IgnoreCase)
{
    private const int LongestFilling = 64 * 1024;

    public static Words Parse(JsonElement statement, string name, bool ignoreCase)
    {
        var (value, not) = Field(statement, name);
        return new Words(List(value), not, ignoreCase);
    }

    /// <summary>The one of NAME and NotNAME that a statement has.</summary>
    public static (JsonElement Value, bool Not) Field(JsonElement statement, string name) =>
        (statement.TryGetProperty(name, out var plain), statement.TryGetProperty("Not" + name, out var not)) switch
        {
            (true, false) => (plain, false),
            (false, true) => (not, true),
            (true, true) => throw Policy.Malformed($"A statement has either {name} or Not{name}"),
            _ => throw Policy.Malformed($"Missing required field {name}"),
        };

    /// <summary>A text, or a list of texts.</summary>
    public static IReadOnlyList<string> List(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(Text)],
        _ => [Text(value)],
    };

    /// <summary>As <see cref="Match(string)"/>, with variables such as <c>${aws:username}</c> filled in from the request.</summary>
    public bool Match(string text, PolicyRequest request) => All.Any(pattern => Filled(pattern, request) is { } filled && Like(filled, text, IgnoreCase)) != Not;

    public bool Match(string text) => All.Any(pattern => Like(pattern, text, IgnoreCase)) != Not;

    /// <summary>Whether the text is like the pattern; linear in both.</summary>
    public static bool Like(string pattern, string text, bool ignoreCase)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || Same(pattern[p], text[t], ignoreCase)))
            {
                (p, t) = (p + 1, t + 1);
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    /// <summary>The pattern with its variables filled in; null where one has no value, or one that would itself be a pattern.</summary>
    public static string? Filled(string pattern, PolicyRequest request)
    {
        // A variable may be as long as a header, and named a thousand times.
        var most = pattern.Length + LongestFilling;
        for (var start = pattern.IndexOf("${", StringComparison.Ordinal); start >= 0; start = pattern.IndexOf("${", start, StringComparison.Ordinal))
        {
            var end = pattern.IndexOf('}', start);
            if (end < 0)
            {
                return pattern;
            }

            var value = pattern[(start + 2)..end] switch
            {
                "*" or "?" or "$" => null,
                var name => request.Values(name) is [var only] ? only : null,
            };
            if (value is null || value.AsSpan().ContainsAny("*?$") || pattern.Length + value.Length > most)
            {
                return null;
            }

            pattern = pattern[..start] + value + pattern[(end + 1)..];
            start += value.Length;
            if (start >= pattern.Length)
            {
                return pattern;
            }
        }

        return pattern;
    }

    private static bool Same(char a, char b, bool ignoreCase) => a == b || (ignoreCase && char.ToLowerInvariant(a) == char.ToLowerInvariant(b));

    private static string Text(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
        ? value.ToString()
        : throw Policy.Malformed("a text was expected");
}
