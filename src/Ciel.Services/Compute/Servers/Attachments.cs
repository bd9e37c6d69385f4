using Ciel.Core.Errors;
using Ciel.Core.Keepers;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>Ports into servers that exist, and out of them: the intent; the server's keeper carries it out.</summary>
internal sealed class Attachments(INetworks networks, NicBuilder nics, ServerVerbs verbs, ServerBook servers, KeeperBook keepers)
{
    /// <summary>Gives a server a port that exists, or a new one.</summary>
    /// <exception cref="Fault">400, 403, 404 or 409 in Nova's words.</exception>
    public async Task<PortInfo> Attach(Tx tx, Actor actor, string serverId, NicWish wish)
    {
        var server = await verbs.Begin(tx, actor, serverId, "attach_interface", Changed);
        var have = await ServerStore.Nics(tx, serverId);
        if (have.Count >= NetworkInput.MostNics)
        {
            throw Fault.Forbidden($"A server has {NetworkInput.MostNics} network interfaces at most.", "OverQuota");
        }

        var port = await nics.Attach(tx, actor, serverId, wish);
        if (have.Exists(n => n.PortId == port.Id))
        {
            throw Fault.Conflict($"Port {port.Id} is still in use.");
        }

        var slot = Enumerable.Range(0, NetworkInput.MostNics).First(s => have.TrueForAll(n => n.Slot != s));
        await ServerStore.AddNic(tx, new Nic(port.Id, serverId, slot, wish.PortId is null, NicStates.Wiring));
        await networks.Bind(tx, port.Id, server.Node, server.HostName);
        return (await networks.Port(tx, port.Id))!;
    }

    /// <summary>Takes a port from a server.</summary>
    /// <exception cref="Fault">404 for one that it does not have.</exception>
    public async Task Detach(Tx tx, Actor actor, string serverId, string portId)
    {
        var server = await verbs.Begin(tx, actor, serverId, "detach_interface", Changed);
        var nic = (await ServerStore.Nics(tx, server.Id)).Find(n => n.PortId == portId)
            ?? throw Fault.NotFound($"Instance {server.Id} does not have a port with id {portId}");
        await ServerStore.MoveNic(tx, nic, NicStates.Unplugging);
    }

    /// <summary>A port was deleted under a server.</summary>
    public async Task PortDeleted(Tx tx, string portId, string serverId)
    {
        if ((await ServerStore.Nics(tx, serverId)).Find(n => n.PortId == portId) is not { } nic)
        {
            return;
        }

        await ServerStore.MoveNic(tx, nic, NicStates.Unplugging);
        await keepers.Wake(tx, serverId);
        await servers.Change(tx, serverId, s => s.Deleting ? null : Changed(s));
    }

    private static Server Changed(Server server) => server with { Generation = server.Generation + 1 };
}
