using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>What was made for a project that asked for a topology.</summary>
internal sealed record AutoTopologyRow(string ProjectId, string NetworkId, string RouterId);

/// <summary>The SQL of automatic topologies.</summary>
internal static class AutoTopologyStore
{
    public static Task<AutoTopologyRow?> Find(Reader reader, string projectId) =>
        reader.First<AutoTopologyRow>("SELECT * FROM network_auto_topology WHERE project_id = @projectId", new { projectId });

    public static Task Save(Tx tx, AutoTopologyRow row) => tx.Execute(
        """
        INSERT INTO network_auto_topology (project_id, network_id, router_id) VALUES (@ProjectId, @NetworkId, @RouterId)
        ON CONFLICT (project_id) DO UPDATE SET network_id = excluded.network_id, router_id = excluded.router_id
        """,
        row);

    public static Task Forget(Tx tx, string projectId) => tx.Execute("DELETE FROM network_auto_topology WHERE project_id = @projectId", new { projectId });

    public static Task<string?> DefaultExternal(Reader reader) =>
        reader.Scalar<string>("SELECT id FROM network_network WHERE external = 1 AND is_default = 1 ORDER BY created_at, id LIMIT 1");
}
