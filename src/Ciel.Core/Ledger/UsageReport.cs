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

    /// <summary>What a price may depend on, JSON.</summary>
    public string Attributes { get; init; } = "{}";

    /// <summary>When it became usable.</summary>
    public long OpenedAt { get; init; }

    /// <summary>When it stopped; null while it runs.</summary>
    public long? ClosedAt { get; init; }
}

/// <summary>A span as billing reads it. Instants are µs UTC.</summary>
/// <param name="Meter">Such as <c>server.running</c>.</param>
/// <param name="ResourceId">What ran.</param>
/// <param name="Quantity">How much of the unit.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Attributes">What a price may depend on, JSON.</param>
/// <param name="OpenedAt">When it became usable.</param>
/// <param name="ClosedAt">When it stopped; null while it runs.</param>
public sealed record UsageRun(string Meter, string ResourceId, long Quantity, string Unit, string Attributes, long OpenedAt, long? ClosedAt);

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
        SELECT * FROM usage_span
        {(projectId is null ? "" : "WHERE project_id = @projectId")} ORDER BY opened_at, id
        """,
        new { projectId });

    /// <summary>What ran of a project within a period, one after the other, in no order.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="projectId">Whose.</param>
    /// <param name="from">µs UTC.</param>
    /// <param name="to">µs UTC, not in it.</param>
    /// <param name="act">Takes each.</param>
    public static async Task SpansIn(Reader reader, string projectId, long from, long to, Action<UsageRun> act)
    {
        const string What = "SELECT meter, resource_id, quantity, unit, attributes, opened_at, closed_at FROM usage_span WHERE project_id = @projectId AND opened_at < @to AND";
        await reader.Each($"{What} closed_at > @from", new { projectId, from, to }, act);
        await reader.Each($"{What} closed_at IS NULL", new { projectId, to }, act);
    }

    /// <summary>When the last span of a resource ended that ended past an instant, µs UTC; null for none.</summary>
    public static Task<long?> LastEnd(Reader reader, string projectId, string meter, string resourceId, long past) => reader.Scalar<long?>(
        "SELECT MAX(closed_at) FROM usage_span WHERE project_id = @projectId AND closed_at > @past AND meter = @meter AND resource_id = @resourceId",
        new { projectId, meter, resourceId, past });

    /// <summary>What was counted of a project in the hours that begin within a period, oldest first.</summary>
    public static Task<List<UsageCount>> CountsIn(Reader reader, string projectId, long from, long to) => reader.Query<UsageCount>(
        "SELECT * FROM usage_count WHERE project_id = @projectId AND from_at >= @from AND from_at < @to ORDER BY from_at, meter, resource_id",
        new { projectId, from, to });

    /// <summary>Whether a meter ever ran or counted here.</summary>
    public static async Task<bool> Has(Reader reader, string meter) => await reader.Scalar<long>(
        "SELECT COUNT(*) FROM (SELECT 1 WHERE EXISTS (SELECT 1 FROM usage_span WHERE meter = @meter) OR EXISTS (SELECT 1 FROM usage_count WHERE meter = @meter)) t", new { meter }) > 0;

    /// <summary>All projects that have ever used something, gone ones too.</summary>
    public static async Task<IReadOnlyList<string>> Projects(Reader reader) =>
        [.. (await Each(reader, "usage_span")).Union(await Each(reader, "usage_count")).Order(StringComparer.Ordinal)];

    // From project to project along the index: the ledger is long, projects are few.
    private static Task<List<string>> Each(Reader reader, string table) => reader.Query<string>(
        $"""
        WITH RECURSIVE p(id) AS (
            SELECT MIN(project_id) FROM {table}
            UNION ALL
            SELECT (SELECT MIN(u.project_id) FROM {table} u WHERE u.project_id > p.id) FROM p WHERE p.id IS NOT NULL)
        SELECT id FROM p WHERE id IS NOT NULL
        """);

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
