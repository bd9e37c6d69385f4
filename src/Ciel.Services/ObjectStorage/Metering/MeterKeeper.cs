using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Metering;

/// <summary>
/// Writes on the ledger what each bucket has held, once a minute where it has changed, in one transaction for each bucket: a second one finds nothing
/// left to write, so it needs no lease. Objects write only their bucket's own count.
/// </summary>
internal sealed class MeterKeeper(Ids ids) : OneStepKeeper("object.meter", MeterKeeper.First)
{
    private const string First = "meter";
    private const int Each = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Begins it where it is not begun yet.</summary>
    public Task Begin(Tx tx, KeeperBook keepers) => keepers.BeginOnce(tx, Kind, Kind, First);

    protected override async Task<Next> Run(Turn turn)
    {
        var changed = await turn.Db.Read(r => UsageStore.Changed(r, StoredMeter.Stored, Each), turn.Cancel);
        foreach (var bucket in changed)
        {
            await turn.Db.Write(tx => StoredMeter.Write(tx, ids, bucket), turn.Cancel);
        }

        return changed.Count < Each ? Next.Nap(Pause) : Next.Hop(First);
    }
}
