using Ciel.Core.Store;

namespace Ciel.Core.Ledger;

/// <summary>
/// Counted usage on the ledger: one row for each project, resource, meter and hour. A row grows while its hour lasts and never changes after it:
/// what is folded late belongs to the hour of its folding. So whoever bills reads hours that ended a minute ago, when every transaction that began in them has ended.
/// </summary>
public static class UsageCounts
{
    private const long Hour = 3_600_000_000;

    /// <summary>Adds a sheet of counts, unless this very sheet was added before.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="source">Who counted.</param>
    /// <param name="sequence">The sheet's number, which grows from sheet to sheet of a source.</param>
    /// <param name="counts">What was counted; their hours are given here.</param>
    /// <returns>False where it was there already, so that nothing was added.</returns>
    internal static async Task<bool> Fold(Tx tx, string source, long sequence, IReadOnlyList<UsageCount> counts)
    {
        var fresh = await tx.Execute(
            """
            INSERT INTO usage_fold (source, sequence) VALUES (@source, @sequence)
            ON CONFLICT (source) DO UPDATE SET sequence = excluded.sequence WHERE usage_fold.sequence < excluded.sequence
            """,
            new { source, sequence });
        if (fresh == 0)
        {
            return false;
        }

        var from = tx.Now - (tx.Now % Hour);
        // In one order, because several controllers may meet in the same rows.
        foreach (var count in counts.OrderBy(c => (c.ProjectId, c.Meter, c.ResourceId)))
        {
            await tx.Execute(
                """
                INSERT INTO usage_count (project_id, from_at, to_at, meter, resource_id, quantity, unit)
                VALUES (@ProjectId, @FromAt, @ToAt, @Meter, @ResourceId, @Quantity, @Unit)
                ON CONFLICT (project_id, from_at, meter, resource_id) DO UPDATE SET quantity = usage_count.quantity + excluded.quantity
                """,
                count with { FromAt = from, ToAt = from + Hour });
        }

        return true;
    }

    /// <summary>The number of the last sheet that a source has added; 0 for none.</summary>
    internal static Task<long> Folded(Reader reader, string source) => reader.Scalar<long>("SELECT sequence FROM usage_fold WHERE source = @source", new { source });

    /// <summary>All counts, oldest first.</summary>
    public static Task<List<UsageCount>> All(Reader reader, string? projectId) => reader.Query<UsageCount>(
        $"""
        SELECT project_id, resource_id, meter, quantity, unit, from_at, to_at FROM usage_count
        {(projectId is null ? "" : "WHERE project_id = @projectId")} ORDER BY from_at, project_id, meter, resource_id
        """,
        new { projectId });

    /// <summary>Adds up what was ever counted.</summary>
    public static Task<List<UsageTotal>> Totals(Reader reader, string? projectId) => reader.Query<UsageTotal>(
        $"""
        SELECT project_id, meter, unit, CAST(SUM(quantity) AS bigint) AS quantity FROM usage_count
        {(projectId is null ? "" : "WHERE project_id = @projectId")} GROUP BY project_id, meter, unit ORDER BY project_id, meter
        """,
        new { projectId });
}
