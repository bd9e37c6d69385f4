using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

// Taking apart: a failed build, or a server whose delete was accepted. Both retry for ever.
internal sealed partial class ServerKeeper
{
    private async Task<Next> ScrapStep(Turn turn)
    {
        if (await Read(turn) is not { Deleting: false } server)
        {
            return Next.Hop(Destroy);
        }

        return await MachineGone(turn, server)
            ? Next.Rest(AtRest, async tx =>
            {
                await DropPorts(tx, server.Id);
                await servers.Change(tx, server.Id, s => s.Scrapped());
            })
            : Next.Nap(Patience);
    }

    private async Task<Next> DestroyStep(Turn turn)
    {
        if (await Read(turn) is not { DeletedAt: null } server)
        {
            return Next.Gone();
        }

        // A copy of the disk under way ends by itself: its keeper sees the delete and wakes this one.
        if (await turn.Db.Read(r => SnapshotStore.Any(r, server.Id), turn.Cancel) || !await MachineGone(turn, server))
        {
            return Next.Nap(Patience);
        }

        return Next.Gone(async tx =>
        {
            await DropPorts(tx, server.Id);
            await PasswordStore.Remove(tx, server.Id);
            await servers.Change(tx, server.Id, s => s.DeletedAt is null ? s.Deleted(tx.Now) : null);
            await ActionStore.Finish(tx, server.Id, server.Node);
        });
    }

    private async Task<bool> MachineGone(Turn turn, Server server) => server.Node is null
        || (await nodes.Absent(turn, server.Node, ObjectName.Machine(server.Id), server.Generation)).State == ObjectStates.Absent;

    private async Task DropPorts(Tx tx, string serverId) => await Drop(tx, await ServerStore.Nics(tx, serverId));

    private async Task Drop(Tx tx, IEnumerable<Nic> nics)
    {
        foreach (var nic in nics)
        {
            await ServerStore.RemoveNic(tx, nic.PortId);
            await (nic.Owned ? networks.DeletePort(tx, nic.PortId) : networks.Release(tx, nic.PortId));
        }
    }
}
