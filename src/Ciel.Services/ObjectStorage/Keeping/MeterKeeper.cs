using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Keeping;

/// <summary>Writes on the ledger what each bucket holds: once a minute, a new span where it has changed. Objects write only their bucket's own count.</summary>
internal sealed class MeterKeeper(Ids ids) : Keeper
{
    /// <summary>Bytes that are stored.</summary>
    public const string Stored = "object.stored";

    private const string First = "meter";
    private const int Each = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public override string Kind => "object.meter";

    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps => new Dictionary<string, Func<Turn, Task<Next>>> { [First] = Meter };

    public override bool ForEver(string step) => true;

    public override Task<Next> Failed(Turn turn, string fault) => Task.FromResult(Next.Nap(Pause));

    /// <summary>Begins it where it is not begun yet.</summary>
    public async Task Begin(Tx tx, KeeperBook keepers)
    {
        if (await tx.Scalar<long>("SELECT COUNT(*) FROM keeper WHERE id = @Kind", new { Kind }) == 0)
        {
            await keepers.Begin(tx, Kind, Kind, First);
        }
    }

    private async Task<Next> Meter(Turn turn)
    {
        var changed = await turn.Db.Read(r => UsageStore.Changed(r, Stored, Each), turn.Cancel);
        var fresh = changed.Select(_ => ids.Uuid()).ToList();
        return changed.Count == 0 ? Next.Nap(Pause) : Next.Hop(First, async tx =>
        {
            foreach (var (bucket, id) in changed.Zip(fresh))
            {
                await UsageLedger.Close(tx, Stored, bucket.Id);
                if (bucket.Bytes > 0)
                {
                    await UsageLedger.Open(tx, id, Stored, bucket.Id, bucket.ProjectId, bucket.Bytes, "B");
                }
            }
        });
    }
}
