using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The SQL of ports.</summary>
internal static class PortStore
{
    public static readonly Table Table = new(
        "network_port",
        "network_id",
        "mac_address",
        "admin_state_up",
        "device_id",
        "device_owner",
        "port_security",
        "vnic_type",
        "profile",
        "host",
        "guest_name",
        "dns_name",
        "made_for_device",
        "device_tag",
        "attached_at",
        "allowed_pairs",
        "dhcp_options",
        "generation",
        "wired");

    /// <summary>What a project may see: its own, and those on its networks.</summary>
    public const string Visible =
        "p.project_id = @me OR EXISTS (SELECT 1 FROM network_network n WHERE n.id = p.network_id AND n.project_id = @me)";

    /// <summary>A port by id, whoever owns it.</summary>
    public static async Task<Port?> Find(Reader reader, string id) =>
        (await Loaded(reader, await reader.Query<Port>("SELECT * FROM network_port WHERE id = @id", new { id }))).FirstOrDefault();

    public static async Task<Port?> Hold(Tx tx, string id) => await Table.Lock(tx, id) ? await Find(tx, id) : null;

    /// <summary>The ports of devices, in the order in which they were attached.</summary>
    public static async Task<List<Port>> OfDevices(Reader reader, IReadOnlyCollection<string> deviceIds) => await Loaded(reader, await reader.Query<Port>(
        "SELECT * FROM network_port WHERE device_id IN @deviceIds ORDER BY attached_at, created_at, id", new { deviceIds }));

    public static async Task<List<Port>> OfDevice(Reader reader, string deviceId, string owner) => await Loaded(reader, await reader.Query<Port>(
        "SELECT * FROM network_port WHERE device_id = @deviceId AND device_owner = @owner ORDER BY created_at, id", new { deviceId, owner }));

    public static async Task<List<Port>> OfNetwork(Reader reader, string networkId) => await Loaded(reader, await reader.Query<Port>(
        "SELECT * FROM network_port WHERE network_id = @networkId ORDER BY created_at, id", new { networkId }));

    public static async Task<List<Port>> OfProject(Reader reader, string projectId) => await Loaded(reader, await reader.Query<Port>(
        "SELECT * FROM network_port WHERE project_id = @projectId ORDER BY created_at, id", new { projectId }));

    public static async Task<bool> HasMac(Reader reader, string networkId, string mac) => await reader.Scalar<string>(
        "SELECT id FROM network_port WHERE network_id = @networkId AND mac_address = @mac", new { networkId, mac }) is not null;

    /// <summary>Puts a port into a group, which is held so that it is not deleted meanwhile.</summary>
    public static async Task AddGroup(Tx tx, string portId, string groupId)
    {
        if (!await GroupStore.Table.Lock(tx, groupId))
        {
            throw Faults.GroupNotFound(groupId);
        }

        await tx.Execute("INSERT INTO network_port_group (port_id, group_id) VALUES (@portId, @groupId) ON CONFLICT DO NOTHING", new { portId, groupId });
    }

    public static async Task SetGroups(Tx tx, string portId, IReadOnlyCollection<string> groupIds)
    {
        await tx.Execute("DELETE FROM network_port_group WHERE port_id = @portId", new { portId });
        foreach (var group in groupIds.Order(StringComparer.Ordinal))
        {
            await AddGroup(tx, portId, group);
        }
    }

    /// <summary>The node has wired the port as that row says; a row that has changed since stays unwired.</summary>
    public static Task SetWired(Tx tx, Port port) => tx.Execute(
        "UPDATE network_port SET wired = @Generation WHERE id = @Id AND wired < @Generation", new { port.Id, port.Generation });

    /// <summary>Reads addresses and groups of each.</summary>
    public static async Task<List<Port>> Loaded(Reader reader, List<Port> ports)
    {
        if (ports.Count == 0)
        {
            return ports;
        }

        var ids = ports.Select(p => p.Id).ToArray();
        var addresses = (await reader.Query<Fixed>(
            "SELECT port_id, subnet_id, address FROM network_address WHERE port_id IN @ids ORDER BY position, subnet_id, address", new { ids })).ToLookup(a => a.PortId);
        var groups = (await reader.Query<(string Port, string Group)>(
            "SELECT port_id, group_id FROM network_port_group WHERE port_id IN @ids ORDER BY group_id", new { ids })).ToLookup(g => g.Port, g => g.Group);
        for (var i = 0; i < ports.Count; i++)
        {
            ports[i] = ports[i] with { Addresses = [.. addresses[ports[i].Id]], Groups = [.. groups[ports[i].Id]] };
        }

        return ports;
    }
}
