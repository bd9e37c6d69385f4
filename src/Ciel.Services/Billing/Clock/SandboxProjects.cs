using Ciel.Core;
using Ciel.Core.Store;

namespace Ciel.Services.Billing.Clock;

/// <summary>
/// Suspends, resumes and releases the projects of sandboxes, as identity does with real ones: what runs stops (<c>server.running</c>)
/// and starts again, and a release ends all. It touches rows of sandboxes and nothing else.
/// </summary>
internal static class SandboxProjects
{
    public static async Task Suspend(Tx tx, string account, string project, string reason)
    {
        await State(tx, account, project, "suspended", reason);
        await tx.Execute(
            """
            UPDATE billing_sandbox_span SET planned_to = closed_at, closed_at = @Now, stopped = 1
            WHERE project_id = @project AND meter = 'server.running' AND opened_at < @Now AND (closed_at IS NULL OR closed_at > @Now)
                AND project_id IN (SELECT project_id FROM billing_sandbox_project WHERE account_id = @account)
            """,
            new { account, project, tx.Now });
    }

    public static async Task Resume(Tx tx, Ids ids, string account, string project)
    {
        await State(tx, account, project, "active", null);
        foreach (var span in await tx.Query<Stopped>(
            """
            SELECT * FROM billing_sandbox_span WHERE project_id = @project AND stopped = 1
                AND project_id IN (SELECT project_id FROM billing_sandbox_project WHERE account_id = @account) ORDER BY id
            """,
            new { account, project }))
        {
            await tx.Execute("UPDATE billing_sandbox_span SET stopped = 0 WHERE id = @Id", new { span.Id });
            if (span.PlannedTo is null || span.PlannedTo > tx.Now)
            {
                await SandboxUsage.Insert(tx, new()
                {
                    Id = ids.Uuid(),
                    Meter = span.Meter,
                    ResourceId = span.ResourceId,
                    ProjectId = project,
                    Quantity = span.Quantity,
                    Unit = span.Unit,
                    Attributes = span.Attributes,
                    OpenedAt = tx.Now,
                    ClosedAt = span.PlannedTo,
                });
            }
        }
    }

    public static async Task Release(Tx tx, string account, string project, string reason)
    {
        await State(tx, account, project, "released", reason);
        await tx.Execute(
            """
            UPDATE billing_sandbox_span SET stopped = 0, closed_at = CASE WHEN closed_at IS NULL OR closed_at > @Now THEN @Now ELSE closed_at END
            WHERE project_id = @project AND opened_at <= @Now AND (stopped = 1 OR closed_at IS NULL OR closed_at > @Now)
                AND project_id IN (SELECT project_id FROM billing_sandbox_project WHERE account_id = @account)
            """,
            new { account, project, tx.Now });
    }

    private static Task<int> State(Tx tx, string account, string project, string state, string? reason) => tx.Execute(
        "UPDATE billing_sandbox_project SET state = @state, reason = @reason WHERE account_id = @account AND project_id = @project", new { account, project, state, reason });

    private sealed record Stopped
    {
        public required string Id { get; init; }

        public required string Meter { get; init; }

        public required string ResourceId { get; init; }

        public long Quantity { get; init; }

        public required string Unit { get; init; }

        public required string Attributes { get; init; }

        public long? PlannedTo { get; init; }
    }
}
