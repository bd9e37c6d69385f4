using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

// Ports into a machine that exists, and out of it. It goes on running; what its owner asks of it meanwhile has precedence.
internal sealed partial class ServerKeeper
{
    private async Task<Next> PlugStep(Turn turn)
    {
        var (server, nics) = await ReadNics(turn);
        var attaching = nics.FindAll(n => n.Attaching);
        if (attaching.Count == 0 || IsWantedElsewhere(server))
        {
            return Next.Hop(AtRest);
        }

        if (attaching.Exists(n => n.State == NicStates.Wiring))
        {
            return await turn.Db.Read(r => AllWired(r, turn.Id), turn.Cancel)
                ? Next.Hop(Plug, tx => Move(tx, attaching, NicStates.Plugging))
                : Next.Nap(WireNap);
        }

        var has = (await Ensure(turn, server!, server!.DesiredOn)).Facts?.GetValueOrDefault(FactKeys.Ports)?.Split(' ');
        return has is not null && attaching.TrueForAll(n => has.Contains(n.PortId))
            ? Next.Hop(AtRest, async tx =>
            {
                await Move(tx, attaching, NicStates.Plugged);
                await ActionStore.Finish(tx, turn.Id, server.Node);
            })
            : Next.Nap(Patience);
    }

    /// <summary>A guest gives an interface back when it will, at the latest when it stops.</summary>
    private async Task<Next> UnplugStep(Turn turn)
    {
        var (server, nics) = await ReadNics(turn);
        var detaching = nics.FindAll(n => n.Detaching);
        if (detaching.Count == 0 || nics.Exists(n => n.Attaching) || IsWantedElsewhere(server))
        {
            return Next.Hop(AtRest);
        }

        var facts = (await Ensure(turn, server!, server!.DesiredOn)).Facts;
        return facts is not null && facts.ContainsKey(FactKeys.Ports) && !facts.ContainsKey(FactKeys.Leaving)
            ? Next.Hop(AtRest, async tx =>
            {
                await Drop(tx, detaching);
                await ActionStore.Finish(tx, turn.Id, server.Node);
            })
            : Next.Nap(Patience);
    }

    private static Task<(Server? Server, List<Nic> Nics)> ReadNics(Turn turn) => turn.Db.Read(
        async r => (await ServerStore.Find(r, turn.Id), await ServerStore.Nics(r, turn.Id)), turn.Cancel);

    private static bool IsWantedElsewhere(Server? server) =>
        server is null or { DeletedAt: not null } or { Deleting: true } or { Node: null } || (server.TaskState is { } task && TaskStates.Acts.Contains(task));

    private static async Task Move(Tx tx, IEnumerable<Nic> nics, string state)
    {
        foreach (var nic in nics)
        {
            await ServerStore.MoveNic(tx, nic, state);
        }
    }

    private static async Task Unattach(Tx tx, string id, string fault)
    {
        await Move(tx, (await ServerStore.Nics(tx, id)).Where(n => n.Attaching), NicStates.Unplugging);
        await ActionStore.Finish(tx, id, null, fault);
    }
}
