using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The SQL of floating IP addresses.</summary>
internal static class FloatingIpStore
{
    public static readonly Table Table = new(
        "network_floating_ip", "network_id", "address", "own_port_id", "port_id", "fixed_address", "router_id", "active", "dns_name", "dns_domain");

    /// <summary>Those of a port, or of one of its addresses.</summary>
    public static Task<List<FloatingIp>> OfPort(Reader reader, string portId, string? fixedAddress) => reader.Query<FloatingIp>(
        $"SELECT * FROM network_floating_ip WHERE port_id = @portId{(fixedAddress is null ? "" : " AND fixed_address = @fixedAddress")} ORDER BY id",
        new { portId, fixedAddress });

    public static Task<List<FloatingIp>> OfPorts(Reader reader, IReadOnlyCollection<string> portIds) =>
        reader.Query<FloatingIp>("SELECT * FROM network_floating_ip WHERE port_id IN @portIds ORDER BY id", new { portIds });

    public static Task<List<FloatingIp>> OfRouter(Reader reader, string routerId) =>
        reader.Query<FloatingIp>("SELECT * FROM network_floating_ip WHERE router_id = @routerId ORDER BY id", new { routerId });

    public static Task<List<FloatingIp>> OfNetwork(Reader reader, string networkId) =>
        reader.Query<FloatingIp>("SELECT * FROM network_floating_ip WHERE network_id = @networkId ORDER BY id", new { networkId });

    public static Task<List<FloatingIp>> OfProject(Reader reader, string projectId) =>
        reader.Query<FloatingIp>("SELECT * FROM network_floating_ip WHERE project_id = @projectId ORDER BY id", new { projectId });

    /// <summary>Whether the fixed address stands behind another address of the same external network.</summary>
    public static async Task<bool> Taken(Reader reader, string networkId, string portId, string fixedAddress, string except) => await reader.Scalar<string>(
        "SELECT id FROM network_floating_ip WHERE network_id = @networkId AND port_id = @portId AND fixed_address = @fixedAddress AND id <> @except",
        new { networkId, portId, fixedAddress, except }) is not null;

    public static async Task<bool> UsesRouter(Reader reader, string routerId) =>
        await reader.Scalar<string>("SELECT id FROM network_floating_ip WHERE router_id = @routerId LIMIT 1", new { routerId }) is not null;

    /// <summary>Whether an address of that router stands for a fixed one of that subnet.</summary>
    public static async Task<bool> UsesLeg(Reader reader, string routerId, string subnetId) => await reader.Scalar<string>(
        """
        SELECT f.id FROM network_floating_ip f JOIN network_address a ON a.port_id = f.port_id AND a.address = f.fixed_address
        WHERE f.router_id = @routerId AND a.subnet_id = @subnetId LIMIT 1
        """,
        new { routerId, subnetId }) is not null;

    /// <summary>Sets what it stands for; it is down until the router's node says otherwise.</summary>
    public static Task Associate(Tx tx, FloatingIp floating, string? portId, string? fixedAddress, string? routerId) => tx.Execute(
        """
        UPDATE network_floating_ip SET port_id = @portId, fixed_address = @fixedAddress, router_id = @routerId, active = 0,
            revision = revision + 1, updated_at = @now
        WHERE id = @Id
        """,
        new { floating.Id, portId, fixedAddress, routerId, now = tx.Now });

    /// <summary>The router's node has it as that row says.</summary>
    public static Task SetActive(Tx tx, FloatingIp floating) => tx.Execute(
        "UPDATE network_floating_ip SET active = 1 WHERE id = @Id AND router_id = @RouterId AND port_id = @PortId AND fixed_address = @FixedAddress",
        new { floating.Id, floating.RouterId, floating.PortId, floating.FixedAddress });

    public static async Task LoadPorts(Reader reader, List<FloatingIp> rows)
    {
        var ids = rows.Select(f => f.PortId).OfType<string>().ToArray();
        if (ids.Length == 0)
        {
            return;
        }

        var ports = (await reader.Query<Port>("SELECT * FROM network_port WHERE id IN @ids", new { ids })).ToDictionary(p => p.Id);
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i] = rows[i] with { Port = rows[i].PortId is { } port ? ports.GetValueOrDefault(port) : null };
        }
    }
}
