using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Network;
using Ciel.Services.Nodes;

namespace Ciel.Services.Compute;

/// <summary>Keeps a server: builds it, does what its owner asks, follows what its guest does by itself, and takes it apart.</summary>
internal sealed partial class ServerKeeper(
    INodes nodes, INetworks networks, MachineSpecs specs, Scheduler scheduler, ServerBook servers, ComputeOptions options) : Keeper
{
    /// <summary><see cref="Keeper.Kind"/>.</summary>
    public const string Name = "server";

    /// <summary>The step that a new server begins with.</summary>
    public const string First = "place";

    private const string Wire = "wire";
    private const string Boot = "boot";
    private const string AtRest = "rest";
    private const string Act = "act";
    private const string Plug = "plug";
    private const string Unplug = "unplug";
    private const string Scrap = "scrap";
    private const string Destroy = "destroy";

    // Reports wake the keeper; the nap is for a report that was lost.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public override string Kind => Name;

    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps => new Dictionary<string, Func<Turn, Task<Next>>>
    {
        [First] = PlaceStep,
        [Wire] = WireStep,
        [Boot] = BootStep,
        [AtRest] = RestStep,
        [Act] = ActStep,
        [Plug] = PlugStep,
        [Unplug] = UnplugStep,
        [Scrap] = ScrapStep,
        [Destroy] = DestroyStep,
    };

    public override bool ForEver(string step) => step is AtRest or Unplug or Scrap or Destroy;

    /// <summary>A build is taken apart and rests in ERROR; a port that cannot be attached is detached; anything else rests in ERROR where it is.</summary>
    public override Task<Next> Failed(Turn turn, string fault) => Task.FromResult(turn.Row.Step switch
    {
        First or Wire or Boot => Next.Hop(Scrap, tx => Fail(tx, turn.Id, fault)),
        Plug => Next.Hop(AtRest, tx => Unattach(tx, turn.Id, fault)),
        _ => Next.Rest(AtRest, tx => Fail(tx, turn.Id, fault)),
    });

    private async Task Fail(Tx tx, string id, string fault)
    {
        await servers.Change(tx, id, s => s.Deleting ? null : s.Failed(fault, tx.Now));
        await ActionStore.Finish(tx, id, null, fault);
    }

    /// <summary>At rest: takes up a new intent, or follows what the guest did.</summary>
    private async Task<Next> RestStep(Turn turn)
    {
        var (server, nics, report) = await turn.Db.Read(
            async r =>
            {
                var row = await ServerStore.Find(r, turn.Id);
                var seen = row?.Node is null ? null : await nodes.Observed(r, row.Node, ObjectName.Machine(row.Id));
                return (row, await ServerStore.Nics(r, turn.Id), seen);
            },
            turn.Cancel);
        return server switch
        {
            null or { DeletedAt: not null } => Next.Gone(),
            { Deleting: true } => Next.Hop(Destroy),
            { TaskState: { } task } when TaskStates.Acts.Contains(task) => Next.Hop(Act, deadline: options.ActLimit),
            { Node: not null } when nics.Exists(n => n.Attaching) => Next.Hop(Plug, deadline: options.ActLimit),
            { Node: not null } when nics.Exists(n => n.Detaching) => Next.Hop(Unplug),
            _ => Follow(server, report),
        };
    }

    private Next Follow(Server server, Report? report)
    {
        if (report is null || !server.Runs || CarriedBoots(report) < server.Boots)
        {
            return Next.Rest(AtRest);
        }

        return report.State switch
        {
            ObjectStates.Stopped when report.Facts?.GetValueOrDefault(FactKeys.StopReason) == "lost" && server.TaskState is null =>
                Next.Hop(Act, tx => servers.Change(tx, server.Id, s => Still(s, server) ? s.Relaunches() : null, report.SinceMicros), options.ActLimit),
            ObjectStates.Stopped =>
                Next.Rest(AtRest, tx => servers.Change(tx, server.Id, s => Still(s, server) ? s.Halted(tx.Now) : null, report.SinceMicros)),
            ObjectStates.Failed =>
                Next.Rest(AtRest, tx => servers.Change(tx, server.Id, s => Still(s, server) ? s.Failed(report.Error ?? "It failed.", tx.Now) : null, report.SinceMicros)),
            _ => Next.Rest(AtRest),
        };
    }

    // An intent that came between the look and the commit has the word; it has woken the keeper, too.
    private static bool Still(Server now, Server seen) => now.Generation == seen.Generation && !now.Deleting;

    private static long CarriedBoots(Report report) =>
        long.TryParse(report.Facts?.GetValueOrDefault(FactKeys.Boots), System.Globalization.CultureInfo.InvariantCulture, out var boots) ? boots : 0;

    private static Task<Server?> Read(Turn turn) => turn.Db.Read(r => ServerStore.Find(r, turn.Id), turn.Cancel);

    private async Task<Report> Ensure(Turn turn, Server server, bool on)
    {
        var (seen, spec) = await turn.Db.Read(
            async r => (await nodes.Observed(r, server.Node!, ObjectName.Machine(server.Id)), await specs.Of(r, server, on)), turn.Cancel);
        if (seen is { State: ObjectStates.Failed } && seen.Generation >= server.Generation)
        {
            // It has failed at this very intent: another call would begin it again, for ever.
            return seen;
        }

        return await nodes.Ensure(turn, server.Node!, ObjectName.Machine(server.Id), server.Generation, spec);
    }

    /// <summary>Whether the machine has carried out the boots asked for and runs.</summary>
    private static bool RunsAsAsked(Report report, Server server) => report.State == ObjectStates.Running && CarriedBoots(report) >= server.Boots;

    private static string Why(Report report) => report.Error ?? "The node could not run the machine.";
}
