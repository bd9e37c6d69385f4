using System.Globalization;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>One resize of a server, as an administrator looks at it.</summary>
internal sealed record ServerMigration
{
    public long Id { get; init; }

    public required string Uuid { get; init; }

    public required string ServerId { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    /// <summary>Source and destination: machines change where they are.</summary>
    public string? Node { get; init; }

    /// <summary><c>migrating, finished, confirmed, reverted, error</c>.</summary>
    public required string Status { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }
}

/// <summary>The SQL of migrations.</summary>
internal static class MigrationStore
{
    /// <summary>Notes what a server's change means for its resize, if it has one.</summary>
    public static async Task Follow(Tx tx, string uuid, Server before, Server after)
    {
        if (before.OtherFlavorCopy is null && after.OtherFlavorCopy is not null)
        {
            var id = await tx.Scalar<long>("UPDATE compute_counter SET value = value + 1 WHERE name = 'migration' RETURNING value");
            await tx.Execute(
                """
                INSERT INTO compute_migration (id, uuid, server_id, project_id, user_id, node, status, created_at, updated_at)
                VALUES (@id, @uuid, @serverId, @ProjectId, @UserId, @Node, 'migrating', @now, @now)
                """,
                new { id, uuid, serverId = after.Id, after.ProjectId, after.UserId, after.Node, now = tx.Now });
        }
        else if (Status(before, after) is { } status)
        {
            await tx.Execute(
                "UPDATE compute_migration SET status = @status, updated_at = @now WHERE server_id = @id AND status IN ('migrating', 'finished')",
                new { status, id = after.Id, now = tx.Now });
        }
    }

    public static Task<List<ServerMigration>> List(Reader reader, IReadOnlyDictionary<string, string> filters, Page page)
    {
        var conditions = filters.Keys.Select(k => $"{Columns[k]} = @{k}").Append("id > @after");
        var args = filters.ToDictionary(f => f.Key, f => (object?)f.Value);
        args["after"] = long.TryParse(page.Marker, CultureInfo.InvariantCulture, out var after) ? after : 0L;
        args["limit"] = (long)page.Limit;
        return reader.Query<ServerMigration>($"SELECT * FROM compute_migration WHERE {string.Join(" AND ", conditions)} ORDER BY id LIMIT @limit", args);
    }

    /// <summary>The number of the migration with that UUID; null where there is none.</summary>
    public static Task<long?> Number(Reader reader, string uuid) => reader.Scalar<long?>("SELECT id FROM compute_migration WHERE uuid = @uuid", new { uuid });

    /// <summary>Parameters of lists to columns.</summary>
    public static IReadOnlyDictionary<string, string> Columns { get; } = new Dictionary<string, string>
    {
        ["host"] = "node",
        ["source_compute"] = "node",
        ["status"] = "status",
        ["instance_uuid"] = "server_id",
        ["project_id"] = "project_id",
        ["user_id"] = "user_id",
    };

    private static string? Status(Server before, Server after) => (before, after) switch
    {
        ({ OtherFlavorCopy: null }, _) => null,
        (_, { VmState: VmStates.Error }) => "error",
        ({ TaskState: TaskStates.ResizeReverting }, { OtherFlavorCopy: null }) => "reverted",
        ({ TaskState: TaskStates.ResizePrep }, { OtherFlavorCopy: null }) => "error",
        (_, { OtherFlavorCopy: null }) => "confirmed",
        ({ VmState: not VmStates.Resized }, { VmState: VmStates.Resized }) => "finished",
        _ => null,
    };
}
