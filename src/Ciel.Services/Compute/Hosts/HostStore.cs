using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>The SQL of what administrators say about nodes.</summary>
internal static class HostStore
{
    public static Task Save(Tx tx, HostRow host) => tx.Execute(
        """
        INSERT INTO compute_host_setting (host, disabled, disabled_reason, forced_down, updated_at)
        VALUES (@Name, @Disabled, @DisabledReason, @ForcedDown, @now)
        ON CONFLICT (host) DO UPDATE SET disabled = excluded.disabled, disabled_reason = excluded.disabled_reason,
            forced_down = excluded.forced_down, updated_at = excluded.updated_at
        """,
        new { host.Name, host.Disabled, host.DisabledReason, host.ForcedDown, now = tx.Now });

    /// <summary>The servers on a node, by age.</summary>
    public static Task<List<Server>> Servers(Reader reader, string node) =>
        reader.Query<Server>("SELECT * FROM compute_server WHERE node = @node AND deleted_at IS NULL ORDER BY created_at, id", new { node });
}
