using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Query;

/// <summary>A form on its way through an action.</summary>
internal sealed record QueryCall(S3Call Call, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>A field; null where it is not there.</summary>
    public string? this[string name] => Fields.GetValueOrDefault(name);

    public string Require(string name) => this[name] is { Length: > 0 } value
        ? value
        : throw new S3Fault(400, "MissingParameter", $"The request must contain the parameter {name}.");

    /// <summary>The pairs of a map (<c>Attributes.entry.1.key</c>, <c>.value</c>), whatever the numbers are.</summary>
    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var start = name + ".entry.";
        return Fields.Where(f => f.Key.StartsWith(start, StringComparison.Ordinal) && f.Key.EndsWith(".key", StringComparison.Ordinal))
            .GroupBy(f => f.Value).ToDictionary(g => g.Key, g => this[g.First().Key[..^3] + "value"] ?? "");
    }
}
