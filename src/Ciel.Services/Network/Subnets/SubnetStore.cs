using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The SQL of subnets.</summary>
internal static class SubnetStore
{
    public static readonly Table Table = new(
        "network_subnet",
        "network_id",
        "ip_version",
        "cidr",
        "gateway_ip",
        "enable_dhcp",
        "ipv6_address_mode",
        "ipv6_ra_mode",
        "allocation_pools",
        "dns_nameservers",
        "host_routes",
        "service_types",
        "subnetpool_id");

    /// <summary>What a project may see: its own, and those of networks that it owns or shares.</summary>
    public static readonly string Visible =
        $"s.project_id = @me OR EXISTS (SELECT 1 FROM network_network n WHERE n.id = s.network_id AND (n.project_id = @me OR {Sharing.Exists("n.id")}))";

    public static Task<Subnet?> Find(Reader reader, string id) => reader.First<Subnet>("SELECT * FROM network_subnet WHERE id = @id", new { id });

    /// <summary>Oldest first.</summary>
    public static async Task<IReadOnlyList<Subnet>> OfNetwork(Reader reader, string networkId) =>
        await reader.Query<Subnet>("SELECT * FROM network_subnet WHERE network_id = @networkId ORDER BY created_at, id", new { networkId });

    public static async Task<IReadOnlyList<Subnet>> OfNetworks(Reader reader, IReadOnlyCollection<string> networkIds) =>
        await reader.Query<Subnet>("SELECT * FROM network_subnet WHERE network_id IN @networkIds ORDER BY created_at, id", new { networkIds });

    public static async Task<IReadOnlyList<Subnet>> ByIds(Reader reader, IReadOnlyCollection<string> ids) =>
        await reader.Query<Subnet>("SELECT * FROM network_subnet WHERE id IN @ids", new { ids });

    /// <summary>Whether a port holds an address that it would not give back by itself.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="subnet">The subnet; where guests make their own addresses, only a router's holds it.</param>
    public static async Task<bool> InUse(Tx tx, Subnet subnet) => await tx.Scalar<string>(
        $"""
        SELECT p.id FROM network_address a JOIN network_port p ON p.id = a.port_id
        WHERE a.subnet_id = @Id AND {(subnet.IsAuto ? "p.device_owner IN ('network:router_interface', 'network:router_gateway')" : "p.device_owner <> 'network:dhcp'")}
        LIMIT 1
        """,
        new { subnet.Id }) is not null;

    public static Task ReleaseAll(Tx tx, string subnetId) => tx.Execute("DELETE FROM network_address WHERE subnet_id = @subnetId", new { subnetId });

    /// <summary>The port that holds an address of the subnet.</summary>
    public static Task<string?> HolderOf(Reader reader, string subnetId, string address) =>
        reader.Scalar<string>("SELECT port_id FROM network_address WHERE subnet_id = @subnetId AND address = @address", new { subnetId, address });
}
