using System.Text.Json;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The meters of the network on the ledger.</summary>
public static class NetworkMeters
{
    /// <summary>A public address, floating or of a router's gateway: from its allocation to its release. Quantity 1 address.</summary>
    public const string PublicAddress = "address.public";
}

/// <summary>What other services may ask of the network service.</summary>
public interface INetworks
{
    /// <summary>The networks that the actor's project may put a port on: its own and shared ones; external ones only where they are shared.</summary>
    Task<IReadOnlyList<NetworkInfo>> Usable(Reader reader, Actor actor);

    /// <summary>The network that was made for a project that had none and asked for one; made now where there is none.</summary>
    /// <exception cref="Core.Errors.Fault">409 where no external network is marked as the default.</exception>
    Task<NetworkInfo> AutoAllocate(Tx tx, Actor actor);

    /// <summary>A network that the actor may see; null where there is none.</summary>
    Task<NetworkInfo?> Network(Reader reader, Actor actor, string networkId);

    /// <summary>A port by id, whoever owns it; null where there is none.</summary>
    Task<PortInfo?> Port(Reader reader, string portId);

    /// <summary>The ports of devices (servers), in the order in which they were attached.</summary>
    Task<IReadOnlyList<PortInfo>> PortsOf(Reader reader, IReadOnlyCollection<string> deviceIds);

    /// <summary>Makes a port for a device with the API's rules and quota.</summary>
    Task<PortInfo> CreatePort(Tx tx, Actor actor, NewPort port);

    /// <summary>Takes an existing port of the actor's for a device, with the device's tag for it; refuses one that is in use.</summary>
    Task<PortInfo> ClaimPort(Tx tx, Actor actor, string portId, string deviceId, string? tag = null);

    /// <summary>Gives a port one more address, of a subnet that it has one of already.</summary>
    /// <exception cref="Core.Errors.Fault">409 where there is none left.</exception>
    Task AddAddress(Tx tx, string portId);

    /// <summary>Takes one of its addresses off a port.</summary>
    Task RemoveAddress(Tx tx, string portId, string address);

    /// <summary>Says on which node the port's device runs and how the guest is called; null unbinds. Wakes the network's keeper.</summary>
    Task Bind(Tx tx, string portId, string? node, string hostName);

    /// <summary>Whether the node has wired the port as its present row says (the port is ACTIVE, or DOWN by its administrative state).</summary>
    Task<bool> Wired(Reader reader, string portId);

    /// <summary>Frees a port that its owner had made: it stays, without device.</summary>
    Task Release(Tx tx, string portId);

    /// <summary>Deletes a port that was made for a device, with quota and floating addresses' associations.</summary>
    Task DeletePort(Tx tx, string portId);

    /// <summary>The security groups that the actor names by id or name, for a device's ports.</summary>
    /// <exception cref="Core.Errors.Fault">400 or 404 where one is unknown or a name is ambiguous.</exception>
    Task<IReadOnlyList<GroupInfo>> Groups(Reader reader, Actor actor, IReadOnlyCollection<string> namesOrIds);

    /// <summary>The security groups of ports.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<GroupInfo>>> GroupsOf(Reader reader, IReadOnlyCollection<string> portIds);

    /// <summary>Replaces a port's security groups. Wakes the network's keeper.</summary>
    Task SetGroups(Tx tx, string portId, IReadOnlyCollection<string> groupIds);

    /// <summary>
    /// Makes the public network once: external, not shared, with the range's first address at the host and the others for gateways and floating
    /// addresses. Idempotent.
    /// </summary>
    /// <param name="publicCidr">An IPv4 range, such as <c>198.51.100.0/24</c>.</param>
    /// <param name="adminProjectId">Its owner.</param>
    /// <param name="cancel">Gives up.</param>
    Task Bootstrap(string publicCidr, string adminProjectId, CancellationToken cancel);
}

/// <summary>
/// The network API's own pages, for a service whose older API shows them in other words (Nova's networks, floating addresses and
/// security groups until 2.35). Bodies, views, rules and faults are those of the door; the audit is the caller's.
/// </summary>
public interface INetworkPages
{
    /// <summary>The objects of a collection that the actor may see.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="collection">One of networks, floatingips, security-groups, security-group-rules.</param>
    /// <param name="filters">Field to value; all must match.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<JsonElement>> List(Actor actor, string collection, IReadOnlyDictionary<string, string> filters, CancellationToken cancel);

    /// <summary>Makes one from its attributes and answers it.</summary>
    Task<JsonElement> Create(Tx tx, Actor actor, string collection, JsonElement attributes);

    /// <summary>Changes one and answers it.</summary>
    Task<JsonElement> Update(Tx tx, Actor actor, string collection, string id, JsonElement attributes);

    /// <summary>Deletes one.</summary>
    Task Delete(Tx tx, Actor actor, string collection, string id);
}

/// <summary>A network.</summary>
/// <param name="Id">UUID.</param>
/// <param name="Name">May be empty.</param>
/// <param name="ProjectId">The owner.</param>
/// <param name="Mtu">Bytes.</param>
/// <param name="HasSubnet">Whether ports get addresses here.</param>
/// <param name="External">Whether routers may have gateways here.</param>
/// <param name="Shared">Whether all projects may use it.</param>
/// <param name="PortSecurity">The default for its ports.</param>
public sealed record NetworkInfo(string Id, string Name, string ProjectId, int Mtu, bool HasSubnet, bool External, bool Shared, bool PortSecurity);

/// <summary>A port.</summary>
/// <param name="Id">UUID.</param>
/// <param name="NetworkId">Its network.</param>
/// <param name="NetworkName">The network's name.</param>
/// <param name="Mtu">The network's MTU.</param>
/// <param name="ProjectId">The owner.</param>
/// <param name="Mac">Colon-separated lower-case hex.</param>
/// <param name="DeviceId">What it belongs to; empty for nothing.</param>
/// <param name="Addresses">Fixed addresses with their floating ones.</param>
/// <param name="Status"><c>ACTIVE</c>, <c>BUILD</c> or <c>DOWN</c>.</param>
/// <param name="Tag">The device's tag for it; null without.</param>
public sealed record PortInfo(
    string Id,
    string NetworkId,
    string NetworkName,
    int Mtu,
    string ProjectId,
    string Mac,
    string DeviceId,
    IReadOnlyList<PortAddress> Addresses,
    string Status,
    string? Tag = null);

/// <summary>One fixed address of a port.</summary>
/// <param name="Address">Without prefix.</param>
/// <param name="SubnetId">Its subnet.</param>
/// <param name="Cidr">The subnet's range.</param>
/// <param name="Gateway">The subnet's gateway; null without.</param>
/// <param name="DnsServers">The subnet's name servers.</param>
/// <param name="Floating">The floating address that stands for it; null without.</param>
/// <param name="Dhcp">Whether the guest gets it by DHCP.</param>
public sealed record PortAddress(string Address, string SubnetId, string Cidr, string? Gateway, IReadOnlyList<string> DnsServers, string? Floating, bool Dhcp);

/// <summary>A port to be made for a device.</summary>
/// <param name="Id">UUID, chosen by the caller so that a step that runs twice makes one port.</param>
/// <param name="NetworkId">The network.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="FixedAddress">The address asked for; null for any.</param>
/// <param name="GroupIds">Security groups; null for the project's default group.</param>
/// <param name="Tag">The device's tag for it; null without.</param>
public sealed record NewPort(string Id, string NetworkId, string DeviceId, string? FixedAddress, IReadOnlyCollection<string>? GroupIds, string? Tag = null);

/// <summary>A security group.</summary>
/// <param name="Id">UUID.</param>
/// <param name="Name">May not be unique.</param>
public sealed record GroupInfo(string Id, string Name);

/// <summary>A port was changed or deleted by its owner while a device had it; the device's service reacts in the same transaction.</summary>
public interface IPortListener
{
    /// <summary>Reacts: the port is about to be deleted.</summary>
    Task PortDeleted(Tx tx, string portId, string deviceId);
}
