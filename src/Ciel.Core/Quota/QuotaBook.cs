using Ciel.Core.Errors;
using Ciel.Core.Store;

namespace Ciel.Core.Quota;

/// <summary>How much of a resource a project has and may have.</summary>
/// <param name="Resource">Such as <c>compute.instances</c>.</param>
/// <param name="Used">Taken now.</param>
/// <param name="Hard">The limit; -1 for none.</param>
public sealed record QuotaLine(string Resource, long Used, long Hard);

/// <summary>
/// Quotas, taken and given back in the transaction of the thing itself by one guarded UPDATE, so that no race exceeds a limit by
/// one unit. Never cached.
/// </summary>
public static class QuotaBook
{
    /// <summary>The row that holds a changed default for all projects.</summary>
    private const string Defaults = "*";

    /// <summary>The table of quotas: <c>hard</c> is null where the default applies.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("quota", 1,
        [
            """
            CREATE TABLE quota (
                project_id text NOT NULL,
                resource text NOT NULL,
                used bigint NOT NULL,
                hard bigint,
                PRIMARY KEY (project_id, resource))
            """,
        ]),
    ];

    /// <summary>Takes some of a resource.</summary>
    /// <param name="tx">The transaction that makes the thing.</param>
    /// <param name="projectId">Whose quota.</param>
    /// <param name="resource">Such as <c>compute.cores</c>.</param>
    /// <param name="amount">How much; 0 does nothing.</param>
    /// <param name="builtIn">The limit where neither the project nor the cloud has another; -1 for none.</param>
    /// <returns>Null when taken; else the line that refused it.</returns>
    public static async Task<QuotaLine?> Take(Tx tx, string projectId, string resource, long amount, long builtIn)
    {
        await tx.Execute("INSERT INTO quota (project_id, resource, used, hard) VALUES (@projectId, @resource, 0, NULL) ON CONFLICT DO NOTHING", new { projectId, resource });
        var fallback = await Default(tx, resource, builtIn);
        var taken = await tx.Execute(
            """
            UPDATE quota SET used = used + @amount
            WHERE project_id = @projectId AND resource = @resource AND (COALESCE(hard, @fallback) < 0 OR used + @amount <= COALESCE(hard, @fallback))
            """,
            new { projectId, resource, amount, fallback });
        return taken == 1 || amount == 0 ? null : await Line(tx, projectId, resource, builtIn);
    }

    /// <summary>Gives some back. Below zero is a defect of the caller and fails the transaction.</summary>
    public static async Task Return(Tx tx, string projectId, string resource, long amount)
    {
        var given = amount == 0 ? 1 : await tx.Execute(
            "UPDATE quota SET used = used - @amount WHERE project_id = @projectId AND resource = @resource AND used >= @amount",
            new { projectId, resource, amount });
        if (given != 1)
        {
            throw new InvalidOperationException($"More {resource} was given back by {projectId} than it had.");
        }
    }

    /// <summary>One line.</summary>
    public static async Task<QuotaLine> Line(Reader reader, string projectId, string resource, long builtIn)
    {
        var row = await reader.First<QuotaRow>("SELECT used, hard FROM quota WHERE project_id = @projectId AND resource = @resource", new { projectId, resource });
        return new QuotaLine(resource, row?.Used ?? 0, row?.Hard ?? await Default(reader, resource, builtIn));
    }

    /// <summary>Sets a project's own limit; null returns to the default.</summary>
    public static Task Set(Tx tx, string projectId, string resource, long? hard) => tx.Execute(
        """
        INSERT INTO quota (project_id, resource, used, hard) VALUES (@projectId, @resource, 0, @hard)
        ON CONFLICT (project_id, resource) DO UPDATE SET hard = excluded.hard
        """,
        new { projectId, resource, hard });

    /// <summary>Limits a project from now on: what it has already was counted by the caller, who keeps others from changing it meanwhile.</summary>
    public static Task Begin(Tx tx, string projectId, string resource, long used, long? hard) => tx.Execute(
        """
        INSERT INTO quota (project_id, resource, used, hard) VALUES (@projectId, @resource, @used, @hard)
        ON CONFLICT (project_id, resource) DO UPDATE SET used = excluded.used, hard = excluded.hard
        """,
        new { projectId, resource, used, hard });

    /// <summary>The project's lines that have a limit of its own; defaults do not count.</summary>
    public static async Task<Dictionary<string, QuotaLine>> Own(Reader reader, string projectId, IReadOnlyCollection<string> resources) => (await reader.Query<QuotaLine>(
        "SELECT resource, used, hard FROM quota WHERE project_id = @projectId AND resource IN @resources AND hard IS NOT NULL",
        new { projectId, resources })).ToDictionary(l => l.Resource);

    /// <summary>Sets the cloud's default limit.</summary>
    public static Task SetDefault(Tx tx, string resource, long hard) => Set(tx, Defaults, resource, hard);

    /// <summary>The limit of a project without its own.</summary>
    public static async Task<long> Default(Reader reader, string resource, long builtIn) =>
        await reader.Scalar<long?>("SELECT hard FROM quota WHERE project_id = @Defaults AND resource = @resource", new { Defaults, resource }) ?? builtIn;

    /// <summary>The projects that have a limit of their own for any of the resources.</summary>
    public static Task<List<string>> Changed(Reader reader, IReadOnlyCollection<string> resources) => reader.Query<string>(
        "SELECT DISTINCT project_id FROM quota WHERE hard IS NOT NULL AND project_id <> @Defaults AND resource IN @resources ORDER BY project_id",
        new { Defaults, resources });

    /// <summary>The fault for a refused line, in words that every API can use.</summary>
    public static Fault Exceeded(QuotaLine line, long amount)
    {
        var name = line.Resource[(line.Resource.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return Fault.Forbidden($"Quota exceeded for {name}: Requested {amount}, but already used {line.Used} of {line.Hard} {name}", "OverQuota");
    }

    private sealed record QuotaRow
    {
        public long Used { get; init; }

        public long? Hard { get; init; }
    }
}
