using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The SQL of routers.</summary>
internal static class RouterStore
{
    public static readonly Table Table = new(
        "network_router", "admin_state_up", "enable_snat", "gateway_port_id", "routes", "zone_hints", "generation");

    public const string Select = """
        r.*, CASE WHEN EXISTS (SELECT 1 FROM network_part t WHERE t.object_id = r.id AND t.ready = 1) THEN 1 ELSE 0 END AS carried
        """;

    public static async Task<Router?> Find(Reader reader, string id) => (await Loaded(
        reader, await reader.Query<Router>($"SELECT {Select} FROM network_router r WHERE r.id = @id", new { id }))).FirstOrDefault();

    public static Task<List<Router>> OfProject(Reader reader, string projectId) =>
        reader.Query<Router>($"SELECT {Select} FROM network_router r WHERE r.project_id = @projectId", new { projectId });

    public static async Task<List<Router>> Loaded(Reader reader, List<Router> routers)
    {
        var ids = routers.Select(r => r.GatewayPortId).OfType<string>().ToArray();
        if (ids.Length == 0)
        {
            return routers;
        }

        var ports = (await PortStore.Loaded(reader, await reader.Query<Port>("SELECT * FROM network_port WHERE id IN @ids", new { ids }))).ToDictionary(p => p.Id);
        for (var i = 0; i < routers.Count; i++)
        {
            routers[i] = routers[i] with { Gateway = routers[i].GatewayPortId is { } port ? ports.GetValueOrDefault(port) : null };
        }

        return routers;
    }

    public static Task<List<Port>> Interfaces(Reader reader, string routerId) => PortStore.OfDevice(reader, routerId, DeviceOwners.RouterInterface);

    /// <summary>The routers that have a leg in the subnet and a gateway in the external network.</summary>
    public static Task<string?> Between(Reader reader, string subnetId, string externalNetworkId) => reader.Scalar<string>(
        """
        SELECT r.id FROM network_router r JOIN network_port g ON g.id = r.gateway_port_id
        JOIN network_port p ON p.device_id = r.id AND p.device_owner = 'network:router_interface'
        JOIN network_address a ON a.port_id = p.id
        WHERE a.subnet_id = @subnetId AND g.network_id = @externalNetworkId ORDER BY r.id LIMIT 1
        """,
        new { subnetId, externalNetworkId });

    /// <summary>Sets which port is the gateway, and whether addresses are translated.</summary>
    public static Task SetGateway(Tx tx, string id, string? portId, bool snat) => tx.Execute(
        "UPDATE network_router SET gateway_port_id = @portId, enable_snat = @snat WHERE id = @id", new { id, portId, snat });
}
