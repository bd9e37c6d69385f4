using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Images;
using Ciel.Services.Nodes;

namespace Ciel.Services.Compute;

/// <summary>Keeps a snapshot: copies a server's disk into an image; the keeper's id is the image's.</summary>
internal sealed class SnapshotKeeper(INodes nodes, IImages images, Backups backups, ServerBook servers, KeeperBook keepers) : Keeper
{
    /// <summary><see cref="Keeper.Kind"/>.</summary>
    public const string Name = "snapshot";

    /// <summary>The first step.</summary>
    public const string First = "copy";

    private const string Clear = "clear";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public override string Kind => Name;

    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps => new Dictionary<string, Func<Turn, Task<Next>>>
    {
        [First] = CopyStep,
        [Clear] = ClearStep,
    };

    public override bool ForEver(string step) => step == Clear;

    public override Task<Next> Failed(Turn turn, string fault) => Task.FromResult(Next.Hop(Clear, async tx =>
    {
        await images.Kill(tx, turn.Id);
        await Settle(tx, turn.Id, fault);
    }));

    private async Task<Next> CopyStep(Turn turn)
    {
        var (snapshot, server, seen) = await turn.Db.Read(
            async r => await SnapshotStore.Find(r, turn.Id) is { } row
                ? (row, await ServerStore.Find(r, row.ServerId), await nodes.Observed(r, row.Node, ObjectName.Snapshot(turn.Id)))
                : default,
            turn.Cancel);
        if (snapshot is null)
        {
            return Next.Gone();
        }

        if (server is not { Deleting: false })
        {
            return Next.Fail("The server was deleted before its disk was copied.");
        }

        if (seen is { State: ObjectStates.Failed })
        {
            return Next.Fail(seen.Error ?? "The disk could not be copied.");
        }

        var spec = new SnapshotSpec(ObjectName.Machine(server.Id), images.UploadTicket(turn.Id));
        var report = await nodes.Ensure(turn, snapshot.Node, ObjectName.Snapshot(turn.Id), snapshot.Generation, spec);
        return report.State switch
        {
            ObjectStates.Ready => Next.Hop(Clear, tx => Settle(tx, turn.Id, null)),
            ObjectStates.Failed => Next.Fail(report.Error ?? "The disk could not be copied."),
            _ => Next.Nap(Patience, tx => servers.Change(tx, server.Id, s => s.TaskState == TaskStates.ImageSnapshot ? s with { TaskState = TaskStates.ImageUploading } : null)),
        };
    }

    private async Task<Next> ClearStep(Turn turn)
    {
        if (await turn.Db.Read(r => SnapshotStore.Find(r, turn.Id), turn.Cancel) is not { } snapshot)
        {
            return Next.Gone();
        }

        var report = await nodes.Absent(turn, snapshot.Node, ObjectName.Snapshot(turn.Id), snapshot.Generation);
        return report.State != ObjectStates.Absent
            ? Next.Nap(Patience)
            : Next.Gone(async tx =>
            {
                await SnapshotStore.Delete(tx, turn.Id);
                await keepers.Wake(tx, snapshot.ServerId);
            });
    }

    // The server is free for other work as soon as its disk is copied, or will not be.
    private async Task Settle(Tx tx, string imageId, string? fault)
    {
        if (await SnapshotStore.Find(tx, imageId) is { } snapshot)
        {
            await servers.Change(tx, snapshot.ServerId, s =>
                s.TaskState is TaskStates.ImageSnapshot or TaskStates.ImageUploading ? s with { TaskState = null } : null);
            await ActionStore.Finish(tx, snapshot.ServerId, snapshot.Node, fault, copies: true);
            if (fault is null && snapshot is { BackupType: { } type, Rotation: { } kept })
            {
                await backups.Rotate(tx, (await ServerStore.Find(tx, snapshot.ServerId))!, type, (int)kept);
            }
        }
    }
}
