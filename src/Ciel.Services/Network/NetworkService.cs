using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>What other services may ask (<see cref="INetworks"/>).</summary>
internal sealed class NetworkService(Db db, PortBook ports, GroupBook groups, PublicNetwork publicNetwork, AutoTopology topologies, Ids ids) : INetworks
{
    public async Task<IReadOnlyList<NetworkInfo>> Usable(Reader reader, Actor actor)
    {
        var networks = await reader.Query<Network>(
            $"SELECT {NetworkStore.Select} FROM network_network n WHERE (n.project_id = @me AND n.external = 0) OR {Sharing.Exists("n.id")} ORDER BY n.created_at, n.id",
            new { me = actor.ProjectId ?? "-" });
        await NetworkStore.LoadSubnets(reader, networks);
        return [.. networks.Select(Infos.Of)];
    }

    public async Task<NetworkInfo> AutoAllocate(Tx tx, Actor actor) =>
        (await Network(tx, actor, await topologies.Ensure(tx, actor, actor.Project())))!;

    public async Task<NetworkInfo?> Network(Reader reader, Actor actor, string networkId)
    {
        if (await NetworkStore.FindVisible(reader, actor, networkId) is not { } network)
        {
            return null;
        }

        List<Network> one = [network];
        await NetworkStore.LoadSubnets(reader, one);
        return Infos.Of(one[0]);
    }

    public async Task<PortInfo?> Port(Reader reader, string portId) =>
        await PortStore.Find(reader, portId) is { } port ? (await Infos.Of(reader, [port]))[0] : null;

    public async Task<IReadOnlyList<PortInfo>> PortsOf(Reader reader, IReadOnlyCollection<string> deviceIds) =>
        await Infos.Of(reader, await PortStore.OfDevices(reader, deviceIds));

    public async Task<PortInfo> CreatePort(Tx tx, Actor actor, NewPort port)
    {
        if (await Port(tx, port.Id) is { } made)
        {
            return made;
        }

        var network = await NetworkStore.FindVisible(tx, actor, port.NetworkId) ?? throw Faults.NetworkNotFound(port.NetworkId);
        if (network.External && !network.Shared && !actor.IsAdmin)
        {
            throw Fault.Forbidden($"It is not allowed to create an interface on external network {network.Id}", "ExternalNetworkAttachForbidden");
        }

        if (port.GroupIds is { } given)
        {
            await GroupBook.RequireVisible(tx, actor, given);
        }

        var address = port.FixedAddress is { } text ? Ip.Parse(text) ?? throw Faults.InvalidInput($"'{text}' is not a valid IP address") : (Ip?)null;
        var project = actor.Project();
        await ports.Create(tx, new PortRequest(new Port
        {
            Id = port.Id,
            ProjectId = project,
            NetworkId = network.Id,
            DeviceId = port.DeviceId,
            DeviceOwner = DeviceOwners.Compute,
            DeviceTag = port.Tag,
            MadeForDevice = true,
            PortSecurity = network.PortSecurity,
            AttachedAt = tx.Now,
        })
        {
            Addresses = address is null ? null : [new AddressRequest(null, address)],
            Groups = !network.PortSecurity ? [] : port.GroupIds?.Distinct().ToArray() ?? [await groups.Default(tx, project)],
        });
        return (await Port(tx, port.Id))!;
    }

    public async Task<PortInfo> ClaimPort(Tx tx, Actor actor, string portId, string deviceId, string? tag = null)
    {
        var port = await PortStore.Hold(tx, portId);
        if (port is null || (!actor.IsAdmin && port.ProjectId != actor.ProjectId))
        {
            throw Faults.PortNotFound(portId);
        }

        if (port.DeviceId.Length > 0 && port.DeviceId != deviceId)
        {
            throw Fault.Conflict($"Port {portId} is still in use.", "PortInUse");
        }

        if (port.DeviceId.Length == 0)
        {
            await ports.Update(tx, port, new PortRequest(port with { DeviceId = deviceId, DeviceOwner = DeviceOwners.Compute, DeviceTag = tag, AttachedAt = tx.Now }));
        }

        return (await Port(tx, portId))!;
    }

    public async Task AddAddress(Tx tx, string portId)
    {
        if (await PortStore.Hold(tx, portId) is { Addresses.Count: > 0 } port)
        {
            await Readdress(tx, port, [.. Certain(port), new AddressRequest(port.Addresses[0].SubnetId, null)]);
        }
    }

    public async Task RemoveAddress(Tx tx, string portId, string address)
    {
        if (await PortStore.Hold(tx, portId) is { } port)
        {
            await Readdress(tx, port, [.. Certain(port).Where(a => a.Address != Ip.Parse(address))]);
        }
    }

    public async Task Bind(Tx tx, string portId, string? node, string hostName)
    {
        if (await PortStore.Hold(tx, portId) is { } port && (port.Host != (node ?? "") || port.GuestName != hostName))
        {
            await ports.Update(tx, port, new PortRequest(port with { Host = node ?? "", GuestName = hostName }));
        }
    }

    public async Task<bool> Wired(Reader reader, string portId) => await PortStore.Find(reader, portId) is { Host.Length: > 0, IsWired: true };

    public async Task Release(Tx tx, string portId)
    {
        if (await PortStore.Hold(tx, portId) is { } port)
        {
            await ports.Update(tx, port, new PortRequest(port with { DeviceId = "", DeviceOwner = "", DeviceTag = null, Host = "", GuestName = "", AttachedAt = 0 }));
        }
    }

    public async Task DeletePort(Tx tx, string portId)
    {
        if (await PortStore.Hold(tx, portId) is { } port)
        {
            await ports.Delete(tx, port);
        }
    }

    public async Task<IReadOnlyList<GroupInfo>> Groups(Reader reader, Actor actor, IReadOnlyCollection<string> namesOrIds)
    {
        var found = new List<GroupInfo>();
        foreach (var name in namesOrIds)
        {
            var group = await GroupStore.FindVisible(reader, actor, name) ?? (await GroupStore.ByName(reader, actor.Project(), name)) switch
            {
                [var only] => only,
                [] => throw Fault.NotFound($"Security group {name} not found for project {actor.ProjectId}.", "SecurityGroupNotFound"),
                _ => throw Fault.BadRequest($"Multiple security groups found matching '{name}'. Use an ID to be more specific."),
            };
            found.Add(new GroupInfo(group.Id, group.Name));
        }

        return found;
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<GroupInfo>>> GroupsOf(Reader reader, IReadOnlyCollection<string> portIds)
    {
        var groups = (await GroupStore.OfPorts(reader, portIds)).ToLookup(g => g.PortId);
        return portIds.Distinct().ToDictionary(p => p, p => (IReadOnlyList<GroupInfo>)[.. groups[p].Select(g => new GroupInfo(g.Id, g.Name))]);
    }

    public async Task SetGroups(Tx tx, string portId, IReadOnlyCollection<string> groupIds)
    {
        if (await PortStore.Hold(tx, portId) is { } port)
        {
            await ports.Update(tx, port, new PortRequest(port) { Groups = [.. groupIds.Distinct()] });
        }
    }

    private Task Readdress(Tx tx, Port port, IReadOnlyList<AddressRequest> addresses) => ports.Update(tx, port, new PortRequest(port) { Addresses = addresses });

    private static IEnumerable<AddressRequest> Certain(Port port) => port.Addresses.Select(a => new AddressRequest(a.SubnetId, Ip.Parse(a.Address)));

    public Task Bootstrap(string publicCidr, string adminProjectId, CancellationToken cancel) =>
        db.Write(tx => publicNetwork.Make(tx, publicCidr, adminProjectId, ids.Uuid(), ids.Uuid()), cancel);
}
