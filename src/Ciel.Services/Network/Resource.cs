namespace Ciel.Services.Network;

/// <summary>What every resource of the API has.</summary>
internal abstract record Resource
{
    public required string Id { get; init; }

    /// <summary>The owner; empty for ports that the service made for itself.</summary>
    public string ProjectId { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>A JSON list of strings.</summary>
    public string Tags { get; init; } = "[]";

    /// <summary>Counts changes, for If-Match.</summary>
    public long Revision { get; init; }

    /// <summary>Whether it was taken from the owner's quota, and is given back when it goes.</summary>
    public bool Counted { get; init; }

    /// <summary>µs UTC.</summary>
    public long CreatedAt { get; init; }

    /// <summary>µs UTC.</summary>
    public long UpdatedAt { get; init; }
}
