using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Keeping;

/// <summary>
/// Writes on the ledger what each bucket has held, once a minute where it has changed, in one transaction for each bucket: a second one finds nothing
/// left to write, so it needs no lease. Objects write only their bucket's own count.
/// </summary>
internal sealed class MeterKeeper(Ids ids) : Keeper
{
    private const string First = "meter";
    private const int Each = 100;
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
        var changed = await turn.Db.Read(r => UsageStore.Changed(r, StoredMeter.Stored, Each), turn.Cancel);
        foreach (var bucket in changed)
        {
            await turn.Db.Write(tx => StoredMeter.Write(tx, ids, bucket), turn.Cancel);
        }

        return changed.Count < Each ? Next.Nap(Pause) : Next.Hop(First);
    }
}
