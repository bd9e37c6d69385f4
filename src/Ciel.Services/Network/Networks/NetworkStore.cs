using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The SQL of networks.</summary>
internal static class NetworkStore
{
    public static readonly Table Table = new(
        "network_network",
        "admin_state_up",
        "external",
        "is_default",
        "mtu",
        "port_security",
        "network_type",
        "physical_network",
        "segmentation_id",
        "zone_hints",
        "dns_domain",
        "generation");

    /// <summary>The columns of a view; <c>@me</c> is the project that asks.</summary>
    public static readonly string Select = $"""
        n.*, {Sharing.Column("n.id")} AS shared,
        CASE WHEN EXISTS (SELECT 1 FROM network_part t WHERE t.object_id = n.id AND t.ready = 1) THEN 1 ELSE 0 END AS carried
        """;

    /// <summary>What a project may see of others' networks.</summary>
    public static readonly string Visible = $"n.project_id = @me OR n.external = 1 OR {Sharing.Exists("n.id")}";

    /// <summary>A network by id, whoever owns it, as its owner sees it.</summary>
    public static Task<Network?> Find(Reader reader, string id, string me = "-") =>
        reader.First<Network>($"SELECT {Select} FROM network_network n WHERE n.id = @id", new { id, me });

    /// <summary>All networks, or the one of that id.</summary>
    public static Task<List<Network>> All(Reader reader, string? id) =>
        reader.Query<Network>($"SELECT n.* FROM network_network n{(id is null ? "" : " WHERE n.id = @id")} ORDER BY n.id", new { id });

    /// <summary>A network that a project may see; admins see all.</summary>
    public static Task<Network?> FindVisible(Reader reader, Core.Policy.Actor actor, string id) => actor.IsAdmin
        ? Find(reader, id, actor.ProjectId ?? "-")
        : reader.First<Network>($"SELECT {Select} FROM network_network n WHERE n.id = @id AND ({Visible})", new { id, me = actor.ProjectId ?? "-" });

    /// <summary>Reads the subnets of each, oldest first.</summary>
    public static async Task LoadSubnets(Reader reader, List<Network> networks)
    {
        var ids = networks.Select(n => n.Id).ToArray();
        var subnets = (await reader.Query<(string NetworkId, string Id, long Version, string? Scope)>(
            """
            SELECT s.network_id, s.id, s.ip_version, q.address_scope_id FROM network_subnet s LEFT JOIN network_subnetpool q ON q.id = s.subnetpool_id
            WHERE s.network_id IN @ids ORDER BY s.created_at, s.id
            """,
            new { ids })).ToLookup(s => s.NetworkId);
        for (var i = 0; i < networks.Count; i++)
        {
            var own = subnets[networks[i].Id].ToArray();
            networks[i] = networks[i] with
            {
                Subnets = [.. own.Select(s => s.Id)],
                Ipv4AddressScope = own.FirstOrDefault(s => s.Version == 4).Scope,
                Ipv6AddressScope = own.FirstOrDefault(s => s.Version == 6).Scope,
            };
        }
    }

    /// <summary>Whether a port stands in the way of deletion: all but those that the service made for itself and floating addresses at rest.</summary>
    public static async Task<bool> InUse(Tx tx, string id) => await tx.Scalar<string>(
        """
        SELECT p.id FROM network_port p WHERE p.network_id = @id AND p.device_owner <> 'network:dhcp'
            AND NOT EXISTS (SELECT 1 FROM network_floating_ip f WHERE f.own_port_id = p.id AND f.port_id IS NULL) LIMIT 1
        """,
        new { id }) is not null;

    /// <summary>Whether projects other than the owner have ports here.</summary>
    public static async Task<bool> UsedByOthers(Tx tx, Network network) => await tx.Scalar<string>(
        "SELECT id FROM network_port WHERE network_id = @Id AND project_id NOT IN ('', @ProjectId) LIMIT 1", new { network.Id, network.ProjectId }) is not null;

    /// <summary>Whether routers or floating addresses hang on it.</summary>
    public static async Task<bool> UsedAsExternal(Tx tx, string id) => await tx.Scalar<string>(
        "SELECT id FROM network_port WHERE network_id = @id AND device_owner IN ('network:router_gateway', 'network:floatingip') LIMIT 1", new { id }) is not null;
}
