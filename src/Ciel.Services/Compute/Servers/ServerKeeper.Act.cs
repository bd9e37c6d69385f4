using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

// What the owner asks of a server that was built: each task in calls that may repeat, and the outcome in one commit.
internal sealed partial class ServerKeeper
{
    private async Task<Next> ActStep(Turn turn)
    {
        if (await Read(turn) is not { DeletedAt: null } server)
        {
            return Next.Gone();
        }

        if (server.Deleting)
        {
            return Next.Hop(Destroy);
        }

        return server.TaskState switch
        {
            TaskStates.PoweringOff => await UntilOff(turn, server, (s, tx) => s.Halted(tx.Now)),
            TaskStates.Pausing => await UntilHeld(turn, server),
            TaskStates.PoweringOn or TaskStates.Unpausing or TaskStates.Rebooting or TaskStates.RebootingHard => await UntilOn(turn, server, (s, tx) => s.Launched(tx.Now)),
            TaskStates.Rebuilding => await Clear(turn, server),
            TaskStates.RebuildSpawning => await Until(turn, server, (s, tx) => s.DesiredOn ? s.Launched(tx.Now) : s.Halted(tx.Now)),
            TaskStates.ResizePrep => await MakeRoom(turn),
            TaskStates.ResizeMigrating => await StopToSwap(turn, server),
            TaskStates.ResizeFinish => await Until(turn, server, (s, tx) => s.Resized(s.DesiredOn, tx.Now)),
            TaskStates.ResizeReverting => server.PowerState == PowerStates.None
                ? await Until(turn, server, (s, tx) => (s.DesiredOn ? s.Launched(tx.Now) : s.Halted(tx.Now)).Settled())
                : await StopToSwap(turn, server),
            _ => Next.Rest(AtRest),
        };
    }

    private Task<Next> Until(Turn turn, Server server, Func<Server, Tx, Server> outcome) =>
        server.DesiredOn ? UntilOn(turn, server, outcome) : UntilOff(turn, server, outcome);

    private async Task<Next> UntilOn(Turn turn, Server server, Func<Server, Tx, Server> outcome)
    {
        var report = await Ensure(turn, server, on: true);
        return RunsAsAsked(report, server) ? Done(server, outcome, report)
            : report.State == ObjectStates.Failed ? Next.Fail(Why(report))
            : Next.Nap(Patience);
    }

    private async Task<Next> UntilOff(Turn turn, Server server, Func<Server, Tx, Server> outcome)
    {
        var report = await Ensure(turn, server, on: false);
        return report.State == ObjectStates.Stopped ? Done(server, outcome, report)
            : report.State == ObjectStates.Failed ? Next.Fail(Why(report))
            : Next.Nap(Patience);
    }

    // A guest that goes off just then cannot stand still any more.
    private async Task<Next> UntilHeld(Turn turn, Server server)
    {
        var report = await Ensure(turn, server, on: true);
        return report.State switch
        {
            ObjectStates.Paused => Done(server, (s, _) => s.Held(), report),
            ObjectStates.Stopped => Done(server, (s, tx) => s.Halted(tx.Now), report),
            ObjectStates.Failed => Next.Fail(Why(report)),
            _ => Next.Nap(Patience),
        };
    }

    private Next Done(Server seen, Func<Server, Tx, Server> outcome, Report report) => Next.Rest(AtRest, async tx =>
    {
        if (await servers.Change(tx, seen.Id, s => Still(s, seen) ? outcome(s, tx) : null, report.SinceMicros) is not null)
        {
            await ActionStore.Finish(tx, seen.Id, seen.Node);
        }
    });

    private async Task<Next> Clear(Turn turn, Server server)
    {
        var report = await nodes.Absent(turn, server.Node!, ObjectName.Machine(server.Id), server.Generation);
        return report.State != ObjectStates.Absent
            ? Next.Nap(Patience)
            : Next.Hop(Act, tx => servers.Change(
                tx,
                server.Id,
                s => Still(s, server) ? s with { TaskState = TaskStates.RebuildSpawning, PowerState = PowerStates.None } : null,
                report.SinceMicros));
    }

    private async Task<Next> MakeRoom(Turn turn)
    {
        if (await turn.Db.WriteSerializable(tx => scheduler.Grow(tx, turn.Id), turn.Cancel))
        {
            return Next.Hop(Act);
        }

        return Next.Rest(AtRest, async tx =>
        {
            await servers.Change(tx, turn.Id, s => s is { Deleting: false, TaskState: TaskStates.ResizePrep } ? s.Unresized() : null);
            await ActionStore.Finish(tx, turn.Id, null, "No valid host was found. There is no room for that flavor on the server's node.");
        });
    }

    private async Task<Next> StopToSwap(Turn turn, Server server)
    {
        var report = await Ensure(turn, server, on: false);
        return report.State switch
        {
            ObjectStates.Stopped => Next.Hop(Act, tx => servers.Change(tx, server.Id, s => Still(s, server) ? Swap(s) : null, report.SinceMicros)),
            ObjectStates.Failed => Next.Fail(Why(report)),
            _ => Next.Nap(Patience),
        };
    }

    private static Server Swap(Server server) => server.TaskState == TaskStates.ResizeReverting
        ? server.Swapped() with { PowerState = PowerStates.None }
        : server.Swapped() with { TaskState = TaskStates.ResizeFinish };
}
