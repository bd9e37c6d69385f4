using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Network;

/// <summary>
/// Brings a network's parts on the nodes to what the rows say. A node has a part where a machine has a port, a router has a leg, or an admin
/// wants one; the public network is everywhere. The one writer of the agents' objects <c>network/ID</c>.
/// </summary>
internal sealed class NetworkKeeper(INodes nodes, DhcpPorts dhcp, KeeperBook keepers) : OneStepKeeper(KeeperSteps.Network, KeeperSteps.Keep)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    // How long a node that has joined waits for the public network.
    private static readonly TimeSpan Patrol = TimeSpan.FromMinutes(1);

    protected override async Task<Next> Run(Turn turn)
    {
        var plan = await turn.Db.Read(r => NetworkPlan.Read(r, turn.Id, nodes), turn.Cancel);
        if (plan.Network is null)
        {
            return await Clear(turn, plan.Parts);
        }

        if (plan.ToPrepare.Count > 0)
        {
            // A part is on record before its node hears of it.
            return Next.Hop(KeeperSteps.Keep, async tx =>
            {
                foreach (var node in plan.ToPrepare)
                {
                    await PartStore.Add(tx, turn.Id, node);
                    await dhcp.Ensure(tx, turn.Id, node);
                }
            });
        }

        var outcomes = new List<Outcome>();
        foreach (var (part, scene) in plan.Wanted)
        {
            outcomes.Add(await Ensure(turn, part, scene));
        }

        foreach (var part in plan.Unwanted)
        {
            outcomes.Add(await Remove(turn, part, plan.Network.Generation));
        }

        return After(plan, outcomes, tx => Commit(tx, turn.Id, outcomes));
    }

    private static Next After(NetworkPlan plan, List<Outcome> outcomes, Func<Tx, Task> write) =>
        outcomes.Any(o => o.State == ObjectStates.Working) ? Next.Nap(Soon, write)
        : outcomes.Any(o => !o.Done) ? Next.Nap(Later, write)
        : plan.Network!.IsPublic ? Next.Nap(Patrol, write)
        : Next.Rest(KeeperSteps.Keep, write);

    private async Task<Outcome> Ensure(Turn turn, Part part, NetworkScene scene)
    {
        try
        {
            var report = await nodes.Ensure(turn, part.Node, ObjectName.Network(turn.Id), scene.Network.Generation, NetworkComposer.Compose(scene));
            return new Outcome(part, scene, report.State, report.SinceMicros, report.State == ObjectStates.Ready);
        }
        catch (NodeUnreachableException)
        {
            return new Outcome(part, scene, ObjectStates.Failed, part.Since, false);
        }
    }

    private async Task<Outcome> Remove(Turn turn, Part part, long generation)
    {
        try
        {
            var report = await nodes.Absent(turn, part.Node, ObjectName.Network(turn.Id), generation);
            return new Outcome(part, null, report.State, 0, report.State == ObjectStates.Absent);
        }
        catch (NodeUnreachableException)
        {
            return new Outcome(part, null, ObjectStates.Failed, 0, false);
        }
    }

    private async Task<Next> Clear(Turn turn, IReadOnlyList<Part> parts)
    {
        var outcomes = new List<Outcome>();
        foreach (var part in parts)
        {
            outcomes.Add(await Remove(turn, part, part.Generation + 1));
        }

        async Task Forget(Tx tx)
        {
            foreach (var outcome in outcomes.Where(o => o.Done))
            {
                await PartStore.Forget(tx, turn.Id, outcome.Part.Node);
            }
        }

        return outcomes.All(o => o.Done) ? Next.Gone(Forget) : Next.Nap(Soon, Forget);
    }

    private async Task Commit(Tx tx, string id, List<Outcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            var node = outcome.Part.Node;
            if (outcome.Scene is not { } scene)
            {
                if (outcome.Done)
                {
                    await PartStore.Remove(tx, id, node);
                    await dhcp.Remove(tx, id, node);
                }

                continue;
            }

            await PartStore.Save(tx, id, node, scene.Network.Generation, outcome.Done, outcome.Since);
            if (outcome.Done)
            {
                await Wire(tx, scene);
                await WakeRouters(tx, id, outcome);
            }
        }
    }

    // The ports are ACTIVE from this commit on; whoever waits for them need not wait for the clock.
    private async Task Wire(Tx tx, NetworkScene scene)
    {
        foreach (var port in scene.Ports.Where(p => !p.IsWired))
        {
            await PortStore.SetWired(tx, port);
            await keepers.Wake(tx, port.DeviceId);
        }

        if (scene.DhcpPort is { IsWired: false } dhcpPort)
        {
            await PortStore.SetWired(tx, dhcpPort);
        }
    }

    // A part that is new, or that its node has made anew, has no legs yet.
    private async Task WakeRouters(Tx tx, string id, Outcome outcome)
    {
        if (outcome.Part.Ready && outcome.Part.Since == outcome.Since)
        {
            return;
        }

        foreach (var router in await PartStore.RoutersOn(tx, id, outcome.Part.Node))
        {
            await keepers.Wake(tx, router);
        }
    }

    private sealed record Outcome(Part Part, NetworkScene? Scene, string State, long Since, bool Done);
}
