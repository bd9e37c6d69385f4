using Ciel.Services.Billing.Amounts;
using YamlDotNet.RepresentationModel;

namespace Ciel.Services.Billing.Prices;

/// <summary>One mapping of the price book's file. Every scalar is read as text, and every mistake is told with its line.</summary>
internal sealed class BookNode(YamlMappingNode node)
{
    private readonly HashSet<string> _read = [];

    /// <summary>The line it begins on.</summary>
    public long Line => node.Start.Line;

    /// <summary>A text that must be there.</summary>
    public string Text(string name) => Optional(name) ?? throw Wrong($"'{name}' is missing");

    /// <summary>A text; null where it is left out.</summary>
    public string? Optional(string name) => Child(name) switch
    {
        null => null,
        YamlScalarNode { Value: { Length: > 0 and <= 500 } value } => value,
        _ => throw Wrong($"'{name}' must be one text of 1 to 500 characters"),
    };

    /// <summary>A name that lines and other entries refer to.</summary>
    public string Id(string name)
    {
        var id = Text(name);
        return id.Length <= 64 && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            ? id
            : throw Wrong($"'{name}' is '{id}': use up to 64 lower-case letters, digits, dashes and points");
    }

    /// <summary>A number that must be there, not below zero.</summary>
    public Fixed Number(string name) => OptionalNumber(name) ?? throw Wrong($"'{name}' is missing");

    /// <summary>A number, not below zero; null where it is left out.</summary>
    public Fixed? OptionalNumber(string name) => Optional(name) is not { } text ? null
        : Fixed.TryParse(text, out var value) && !value.IsNegative && value <= Fixed.Whole(1_000_000_000_000) ? value
        : throw Wrong($"'{name}' is '{text}': write a number from 0 to 10^12 with at most ten decimals, such as 0.0080");

    /// <summary>Hundredths, 0 to 100.</summary>
    public Fixed Percent(string name) => Number(name) is var percent && percent <= Fixed.Whole(100) ? percent : throw Wrong($"'{name}' must be 0 to 100");

    /// <summary>An instant that must be there, µs UTC.</summary>
    public long Instant(string name) => OptionalInstant(name) ?? throw Wrong($"'{name}' is missing");

    /// <summary>An instant, µs UTC: a day (its first instant, UTC) or a day with time and offset; null where it is left out.</summary>
    public long? OptionalInstant(string name) => Optional(name) is not { } text ? null
        : Calendar.Instant.Parse(text) ?? throw Wrong($"'{name}' is '{text}': write a day (2026-01-31) or an instant (2026-01-31T00:00:00+01:00)");

    /// <summary>One of some words; the first where it is left out.</summary>
    public string Choice(string name, params string[] words) => Optional(name) is not { } word ? words[0]
        : words.Contains(word) ? word
        : throw Wrong($"'{name}' is '{word}': use {string.Join(" or ", words)}");

    /// <summary>A mapping of texts; empty where it is left out.</summary>
    public IReadOnlyDictionary<string, string> Map(string name) => Child(name) switch
    {
        null => new Dictionary<string, string>(),
        YamlMappingNode map when map.All(e => e is { Key: YamlScalarNode, Value: YamlScalarNode }) => map.ToDictionary(e => ((YamlScalarNode)e.Key).Value!, e => ((YamlScalarNode)e.Value).Value!),
        _ => throw Wrong($"'{name}' must be names with one text each"),
    };

    /// <summary>A list of mappings; empty where it is left out.</summary>
    public IReadOnlyList<BookNode> List(string name) => Child(name) switch
    {
        null => [],
        YamlSequenceNode list when list.All(e => e is YamlMappingNode) => [.. list.Select(e => new BookNode((YamlMappingNode)e))],
        YamlScalarNode { Value: "" or "null" or "~" } => [],
        _ => throw Wrong($"'{name}' must be a list of entries"),
    };

    /// <summary>Refuses what nobody has read.</summary>
    public void Done()
    {
        if (node.Children.Keys.Select(k => (k as YamlScalarNode)?.Value ?? "?").FirstOrDefault(k => !_read.Contains(k)) is { } name)
        {
            throw Wrong($"'{name}' is not known here");
        }
    }

    /// <summary>A mistake on this entry's line.</summary>
    public BookMistake Wrong(string problem) => new($"Line {Line}: {problem}.");

    private YamlNode? Child(string name)
    {
        _read.Add(name);
        return node.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;
    }
}

/// <summary>Something in a price book that cannot be.</summary>
internal sealed class BookMistake(string message) : Exception(message);
