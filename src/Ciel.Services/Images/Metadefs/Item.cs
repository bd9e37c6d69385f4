using Ciel.Core.Errors;

namespace Ciel.Services.Images.Metadefs;

/// <summary>One definition within a namespace.</summary>
internal sealed record Item
{
    public required string Namespace { get; init; }

    /// <summary>The last part of its route: <c>objects, properties, resource_types, tags</c>.</summary>
    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>What it says besides its name: a JSON object.</summary>
    public required string Body { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public static Fault Missing(string space, string kind, string name) =>
        Fault.NotFound($"Metadata definition {kind.TrimEnd('s')} with name={name} was not found in namespace={space}.");
}
