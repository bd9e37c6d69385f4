using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

// From an accepted create to ACTIVE: a place, its ports wired there, a machine that runs.
internal sealed partial class ServerKeeper
{
    private static readonly TimeSpan WireNap = TimeSpan.FromMilliseconds(100);

    private async Task<Next> PlaceStep(Turn turn)
    {
        if (await Read(turn) is not { Deleting: false })
        {
            return Next.Hop(Destroy);
        }

        var node = await turn.Db.WriteSerializable(tx => scheduler.Place(tx, turn.Id), turn.Cancel);
        return node is null
            ? Next.Fail("No valid host was found. There are not enough hosts available.")
            : Next.Hop(Wire, tx => BindPorts(tx, turn.Id, node), options.BuildLimit);
    }

    private async Task BindPorts(Tx tx, string id, string? node)
    {
        var server = await ServerStore.Find(tx, id);
        foreach (var nic in await ServerStore.Nics(tx, id))
        {
            await networks.Bind(tx, nic.PortId, node, server!.HostName);
        }
    }

    private async Task<Next> WireStep(Turn turn)
    {
        if (await Read(turn) is not { Deleting: false } server)
        {
            return Next.Hop(Destroy);
        }

        return await turn.Db.Read(r => AllWired(r, turn.Id), turn.Cancel)
            ? Next.Hop(Boot, tx => servers.Change(tx, server.Id, s => s.Deleting ? null : s with { TaskState = TaskStates.Spawning }))
            : Next.Nap(WireNap);
    }

    private async Task<bool> AllWired(Reader reader, string id)
    {
        foreach (var nic in (await ServerStore.Nics(reader, id)).Where(n => !n.Detaching))
        {
            if (!await networks.Wired(reader, nic.PortId))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<Next> BootStep(Turn turn)
    {
        if (await Read(turn) is not { Deleting: false } server)
        {
            return Next.Hop(Destroy);
        }

        var report = await Ensure(turn, server, on: true);
        return RunsAsAsked(report, server) ? Next.Rest(AtRest, tx => Launch(tx, server, report))
            : report.State == ObjectStates.Failed ? Next.Fail(Why(report))
            : Next.Nap(Patience);
    }

    private async Task Launch(Tx tx, Server server, Report report)
    {
        await servers.Change(tx, server.Id, s => s.Deleting ? null : Hardware(s, report).Launched(tx.Now));
        await ActionStore.Finish(tx, server.Id, server.Node);
    }

    // What the node chose at the first boot holds for good.
    private static Server Hardware(Server server, Report report) => server with
    {
        MachineType = server.MachineType.Length > 0 ? server.MachineType : report.Facts?.GetValueOrDefault(FactKeys.MachineType) ?? "",
        CpuModel = server.CpuModel.Length > 0 ? server.CpuModel : report.Facts?.GetValueOrDefault(FactKeys.CpuModel) ?? "",
    };
}
