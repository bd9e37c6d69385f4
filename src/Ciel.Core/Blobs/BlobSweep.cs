using Ciel.Core.Keepers;
using Ciel.Core.Store;

namespace Ciel.Core.Blobs;

/// <summary>
/// Removes the blobs that no row names: left by a crash between the bytes and their row, or between the row's end and theirs. A few
/// shards each turn, the whole once every hour. A second row of the same kind scrubs: <see cref="BlobScrub"/>.
/// </summary>
/// <param name="service">Whose blobs; names the keeper.</param>
/// <param name="blobs">The blobs.</param>
/// <param name="owner">Who knows their rows.</param>
public abstract class BlobSweep(string service, BlobStore blobs, IBlobOwner owner) : Keeper
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private const int ShardsEachTurn = 32;
    private const int Batch = 500;

    /// <inheritdoc/>
    public override string Kind => service + ".blob-sweep";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps => new Dictionary<string, Func<Turn, Task<Next>>>
    {
        ["sweep"] = Sweep,
        ["scrub"] = new BlobScrub(blobs, owner).Scrub,
    };

    /// <inheritdoc/>
    public override bool ForEver(string step) => true;

    /// <inheritdoc/>
    public override Task<Next> Failed(Turn turn, string fault) => Task.FromResult(Next.Nap(TimeSpan.FromHours(1)));

    /// <summary>Begins sweep and scrub where they are not begun yet.</summary>
    public async Task Begin(Tx tx, KeeperBook book)
    {
        await book.BeginOnce(tx, Kind, Kind, "sweep", "0");
        await book.BeginOnce(tx, Kind, BlobScrub.IdOf(blobs.Service), "scrub", new ScrubState().Text());
    }

    private async Task<Next> Sweep(Turn turn)
    {
        var first = int.TryParse(turn.Row.Frame, out var kept) ? kept : 0;
        foreach (var shard in BlobStore.Shards.Skip(first).Take(ShardsEachTurn))
        {
            foreach (var ids in blobs.Old(shard, blobs.Options.Grace).Chunk(Batch))
            {
                var owned = (await turn.Db.Read(r => owner.Owned(r, ids), turn.Cancel)).ToHashSet();
                foreach (var id in ids.Where(id => !owned.Contains(id)))
                {
                    blobs.Delete(id);
                }
            }
        }

        var next = first + ShardsEachTurn;
        return next < BlobStore.Shards.Count
            ? Next.Hop("sweep") with { Frame = next.ToString() }
            : Next.Nap(blobs.Options.Grace < Pause ? blobs.Options.Grace : Pause) with { Frame = "0" };
    }
}
