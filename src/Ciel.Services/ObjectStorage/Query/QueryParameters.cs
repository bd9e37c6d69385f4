using System.Globalization;

namespace Ciel.Services.ObjectStorage.Query;

/// <summary>Reads an action's parameters within limits.</summary>
internal static class QueryParameters
{
    private const int Longest = 128 * 1024;

    /// <summary>The account of a caller with a key.</summary>
    public static string Account(this QueryCall query) => query.Call.Caller.AccountId ?? throw QueryFaults.NoToken();

    public static string Required(this QueryCall query, string name, int longest = Longest)
    {
        var value = query[name] is { Length: > 0 } there ? there : throw QueryFaults.Invalid($"{name} is missing.");
        // What no XML can hold could not be answered.
        return value.Length <= longest && (value.All(System.Xml.XmlConvert.IsXmlChar) || value.Any(char.IsSurrogate))
            ? value
            : throw QueryFaults.Invalid($"{name} is longer than {longest} characters, or holds control characters.");
    }

    public static string? Optional(this QueryCall query, string name, int longest = Longest) => query[name] is null or "" ? null : query.Required(name, longest);

    public static int Number(this QueryCall query, string name, int otherwise, int least, int most) => query.Optional(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw QueryFaults.Invalid($"{name} must be between {least} and {most}.");

    /// <summary>The values of <c>NAME.member.1</c>, <c>NAME.member.2</c> and so on.</summary>
    public static IReadOnlyList<string> List(this QueryCall query, string name)
    {
        var values = new List<string>();
        while (query.Optional($"{name}.member.{values.Count + 1}") is { } value)
        {
            values.Add(value);
        }

        return values;
    }

    /// <summary>The pairs of <c>Tags.member.N.Key</c> and <c>.Value</c>.</summary>
    public static IReadOnlyDictionary<string, string> Tags(this QueryCall query)
    {
        var tags = new Dictionary<string, string>();
        for (var i = 1; query.Optional($"Tags.member.{i}.Key", 128) is { } key; i++)
        {
            tags[key] = query.Optional($"Tags.member.{i}.Value", 256) ?? "";
        }

        return tags.Count <= 50 ? tags : throw QueryFaults.Invalid("There may be 50 tags.");
    }
}
