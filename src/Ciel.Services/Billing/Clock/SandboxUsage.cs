using Ciel.Core.Ledger;
using Ciel.Core.Store;

namespace Ciel.Services.Billing.Clock;

/// <summary>
/// The SQL of a sandbox's usage: spans and counts as on the ledger, given by the operator and kept in tables of their own. Its projects are
/// called <c>ACCOUNT:NAME</c>, which no real project is.
/// </summary>
internal static class SandboxUsage
{
    /// <summary>A sandbox's project by its name.</summary>
    public static string ProjectId(string account, string name) => IsOf(account, name) ? name : $"{account}:{name}";

    /// <summary>Whether a project is called as those of a sandbox are.</summary>
    public static bool IsOf(string account, string project) => project.StartsWith(account + ":", StringComparison.Ordinal);

    /// <summary>Whether it is any sandbox's.</summary>
    public static bool IsProject(string project) => project.Contains(':', StringComparison.Ordinal);

    /// <summary>As <see cref="UsageReport.SpansIn"/>.</summary>
    public static Task<List<UsageSpan>> SpansIn(Reader reader, string project, long from, long to) => reader.Query<UsageSpan>(
        """
        SELECT * FROM billing_sandbox_span WHERE project_id = @project AND (closed_at IS NULL OR closed_at > @from) AND opened_at < @to
        ORDER BY opened_at, id
        """,
        new { project, from, to });

    /// <summary>As <see cref="UsageReport.CountsIn"/>.</summary>
    public static Task<List<UsageCount>> CountsIn(Reader reader, string project, long from, long to) => reader.Query<UsageCount>(
        "SELECT * FROM billing_sandbox_count WHERE project_id = @project AND from_at >= @from AND from_at < @to ORDER BY from_at, meter, resource_id",
        new { project, from, to });

    /// <summary>Something ran, or will.</summary>
    public static Task Insert(Tx tx, UsageSpan span) => tx.Execute(
        """
        INSERT INTO billing_sandbox_span (id, meter, resource_id, project_id, quantity, unit, attributes, opened_at, closed_at, stopped)
        VALUES (@Id, @Meter, @ResourceId, @ProjectId, @Quantity, @Unit, @Attributes, @OpenedAt, @ClosedAt, 0)
        """,
        span);

    /// <summary>Something was counted.</summary>
    public static Task Count(Tx tx, UsageCount count) => tx.Execute(
        """
        INSERT INTO billing_sandbox_count (project_id, from_at, to_at, meter, resource_id, quantity, unit)
        VALUES (@ProjectId, @FromAt, @ToAt, @Meter, @ResourceId, @Quantity, @Unit)
        ON CONFLICT (project_id, from_at, meter, resource_id) DO UPDATE SET quantity = billing_sandbox_count.quantity + excluded.quantity
        """,
        count);

    /// <summary>Makes a project unless it is there.</summary>
    public static Task Project(Tx tx, string account, string project) => tx.Execute(
        "INSERT INTO billing_sandbox_project (project_id, account_id, state) VALUES (@project, @account, 'active') ON CONFLICT (project_id) DO NOTHING", new { account, project });

    /// <summary>A sandbox's projects and what became of them.</summary>
    public static Task<List<(string Project, string State, string? Reason)>> Projects(Reader reader, string account) => reader.Query<(string, string, string?)>(
        "SELECT project_id, state, reason FROM billing_sandbox_project WHERE account_id = @account ORDER BY project_id", new { account });
}
