namespace Ciel.Core.Ledger;

/// <summary>How much one resource used of one meter within an hour. Instants are µs UTC.</summary>
public sealed record UsageCount
{
    /// <summary>Who pays.</summary>
    public required string ProjectId { get; init; }

    /// <summary>What was used.</summary>
    public required string ResourceId { get; init; }

    /// <summary>Such as <c>object.egress</c>.</summary>
    public required string Meter { get; init; }

    /// <summary>How much, in the unit.</summary>
    public long Quantity { get; init; }

    /// <summary>The smallest unit: a request, a byte.</summary>
    public required string Unit { get; init; }

    /// <summary>The hour's begin.</summary>
    public long FromAt { get; init; }

    /// <summary>The hour's end.</summary>
    public long ToAt { get; init; }
}

/// <summary>All counts of one meter of one project, added up.</summary>
/// <param name="ProjectId">Who pays.</param>
/// <param name="Meter">The meter.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Quantity">How much.</param>
public sealed record UsageTotal(string ProjectId, string Meter, string Unit, long Quantity);
