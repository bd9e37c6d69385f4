using Ciel.Core.Store;

namespace Ciel.Core.Ledger;

/// <summary>One span of usage. Instants are µs UTC.</summary>
public sealed record UsageSpan
{
    /// <summary>The span's id.</summary>
    public required string Id { get; init; }

    /// <summary>Such as <c>server.running</c>.</summary>
    public required string Meter { get; init; }

    /// <summary>What ran.</summary>
    public required string ResourceId { get; init; }

    /// <summary>Who pays.</summary>
    public required string ProjectId { get; init; }

    /// <summary>How much of the unit.</summary>
    public long Quantity { get; init; }

    /// <summary>The unit.</summary>
    public required string Unit { get; init; }

    /// <summary>When it became usable.</summary>
    public long OpenedAt { get; init; }

    /// <summary>When it stopped; null while it runs.</summary>
    public long? ClosedAt { get; init; }
}

/// <summary>All spans of one meter of one project, added up.</summary>
/// <param name="ProjectId">Who pays.</param>
/// <param name="Meter">The meter.</param>
/// <param name="Unit">The unit.</param>
/// <param name="UnitMicros">Quantity times µs; 128 bits, because bytes times microseconds outgrow 64 in days.</param>
/// <param name="Open">How many spans are open.</param>
public sealed record UsageSum(string ProjectId, string Meter, string Unit, Int128 UnitMicros, long Open);

/// <summary>Reads the ledger.</summary>
public static class UsageReport
{
    /// <summary>All spans, oldest first.</summary>
    public static Task<List<UsageSpan>> Spans(Reader reader, string? projectId) => reader.Query<UsageSpan>(
        $"""
        SELECT id, meter, resource_id, project_id, quantity, unit, opened_at, closed_at FROM usage_span
        {(projectId is null ? "" : "WHERE project_id = @projectId")} ORDER BY opened_at, id
        """,
        new { projectId });

    /// <summary>Adds up; an open span counts until now.</summary>
    public static IEnumerable<UsageSum> Sums(IEnumerable<UsageSpan> spans, long now) => spans
        .GroupBy(s => (s.ProjectId, s.Meter, s.Unit))
        .OrderBy(g => g.Key)
        .Select(g => new UsageSum(
            g.Key.ProjectId,
            g.Key.Meter,
            g.Key.Unit,
            g.Aggregate(Int128.Zero, (sum, s) => sum + ((Int128)s.Quantity * ((s.ClosedAt ?? now) - s.OpenedAt))),
            g.Count(s => s.ClosedAt is null)));
}
