using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Network;

/// <summary>
/// Places a router on a node and brings it there to what the rows say, once the networks of its legs are there. A router without legs
/// needs no node. The one writer of the agents' objects <c>router/ID</c>.
/// </summary>
internal sealed class RouterKeeper(INodes nodes, Wakes wakes) : OneStepKeeper(KeeperSteps.Router, KeeperSteps.Keep)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    protected override async Task<Next> Run(Turn turn)
    {
        var (scene, parts) = await turn.Db.Read(async r => (await RouterScene.Read(r, turn.Id), await PartStore.Of(r, turn.Id)), turn.Cancel);
        if (scene is null || scene.Ports.Count == 0)
        {
            return await Clear(turn, scene, parts);
        }

        if (parts.Count == 0)
        {
            return await Place(turn);
        }

        var part = parts[0];
        var ready = await turn.Db.Read(r => PartStore.ReadyOn(r, scene.Networks, part.Node), turn.Cancel);
        if (scene.Networks.Except(ready).Any())
        {
            // The networks' keepers wake this one when their parts are ready.
            return Next.Nap(Later);
        }

        var report = await nodes.Ensure(turn, part.Node, ObjectName.Router(turn.Id), scene.Router.Generation, scene.Compose());
        return report.State switch
        {
            ObjectStates.Ready => Next.Rest(KeeperSteps.Keep, tx => Commit(tx, part, scene, report)),
            ObjectStates.Working => Next.Nap(Soon),
            _ => Next.Nap(Later, tx => PartStore.Save(tx, turn.Id, part.Node, scene.Router.Generation, false, report.SinceMicros)),
        };
    }

    // The node with the fewest routers; the legs' networks are demanded there from this commit on, also those of legs that came since the look.
    private async Task<Next> Place(Turn turn)
    {
        var (all, load) = await turn.Db.Read(async r => (await nodes.List(r), await PartStore.RoutersPerNode(r)), turn.Cancel);
        var node = all.Where(n => n.Up).OrderBy(n => load.GetValueOrDefault(n.Facts.Name)).ThenBy(n => n.Facts.Name, StringComparer.Ordinal).FirstOrDefault();
        return node is null
            ? Next.Nap(Later)
            : Next.Hop(KeeperSteps.Keep, async tx =>
            {
                await PartStore.Add(tx, turn.Id, node.Facts.Name);
                var scene = await RouterScene.Read(tx, turn.Id);
                foreach (var network in scene?.Networks.Order(StringComparer.Ordinal).ToArray() ?? [])
                {
                    await wakes.Network(tx, network);
                }
            });
    }

    private static async Task Commit(Tx tx, Part part, RouterScene scene, Report report)
    {
        await PartStore.Save(tx, part.ObjectId, part.Node, scene.Router.Generation, true, report.SinceMicros);
        foreach (var port in scene.Ports.Where(p => !p.IsWired))
        {
            await PortStore.SetWired(tx, port);
        }

        foreach (var floating in scene.Floating.Where(f => !f.Active))
        {
            await FloatingIpStore.SetActive(tx, floating);
        }
    }

    private async Task<Next> Clear(Turn turn, RouterScene? scene, List<Part> parts)
    {
        foreach (var part in parts)
        {
            var report = await nodes.Absent(turn, part.Node, ObjectName.Router(turn.Id), scene?.Router.Generation ?? part.Generation + 1);
            if (report.State != ObjectStates.Absent)
            {
                return Next.Nap(Soon);
            }
        }

        async Task Forget(Tx tx)
        {
            foreach (var part in parts)
            {
                await PartStore.Forget(tx, turn.Id, part.Node);
            }
        }

        return scene is null ? Next.Gone(Forget) : Next.Rest(KeeperSteps.Keep, Forget);
    }
}
