using Ciel.Core.Errors;
using Ciel.Core.Keepers;

namespace Ciel.Core.Blobs;

/// <summary>
/// Reads every copy of every blob from its disk and verifies it, a little each turn, the whole once a week: what lies unread rots unseen. A
/// damaged copy is mended from another; where none is whole the blob is logged and listed. Copies that are missing are made. A blob that is
/// whole again, or gone, is taken off the list.
/// </summary>
internal sealed class BlobScrub(BlobStore blobs, IBlobOwner owner)
{
    public static readonly TimeSpan BetweenPasses = TimeSpan.FromDays(7);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // What a disk could have read while it looked for one more file: bounds the files of a turn.
    private const long Seek = 256 * 1024;

    /// <summary>The keeper's id.</summary>
    public static string IdOf(string service) => service + ".blob-scrub";

    /// <summary>One turn.</summary>
    public async Task<Next> Scrub(Turn turn)
    {
        var state = ScrubState.Parse(turn.Row.Frame);
        var budget = (long)(blobs.Options.ScrubRate * Pause.TotalSeconds);
        while (budget > 0 && state.Shard < BlobStore.Shards.Count)
        {
            (state, var spent) = await InShard(turn, state, budget);
            budget -= spent;
        }

        if (state.Shard < BlobStore.Shards.Count)
        {
            return Next.Nap(Pause) with { Frame = state.Text() };
        }

        blobs.ForgetGone();
        return Next.Nap(BetweenPasses) with { Frame = new ScrubState { Last = state.Pass, LastEnded = turn.Now }.Text() };
    }

    private async Task<(ScrubState State, long Spent)> InShard(Turn turn, ScrubState state, long budget)
    {
        var spent = 0L;
        foreach (var copy in Copies(BlobStore.Shards[state.Shard]).Where(c => string.CompareOrdinal(c.Place, state.After) > 0))
        {
            if (spent >= budget)
            {
                return (state, spent);
            }

            var before = state.Pass.Bytes;
            state = await One(turn, state, copy, budget - spent);
            spent += Seek + state.Pass.Bytes - before;
            if (state.After != copy.Place)
            {
                return (state, spent);
            }
        }

        return (state with { Shard = state.Shard + 1, After = "", Partly = "", Offset = 0 }, spent);
    }

    // A blob's first copy goes by its id alone, so that where a pass stands means the same with one disk and with several.
    private IEnumerable<Copy> Copies(string shard) => blobs.Ids(shard).SelectMany(id => blobs.Holding(id).Select((disk, n) => new Copy(n == 0 ? id : $"{id}#{n}", id, disk)));

    private async Task<ScrubState> One(Turn turn, ScrubState state, Copy copy, long most)
    {
        var (count, next) = (state.Pass, state with { After = copy.Place, Partly = "", Offset = 0 });
        var from = state.Partly == copy.Place ? state.Offset : 0;
        try
        {
            var seen = blobs.Verify(copy.Id, from, most, turn.Cancel, copy.Disk);
            count = count with { Bytes = count.Bytes + seen.At - from, Mended = count.Mended + seen.Bad };
            if (!seen.Ended)
            {
                return state with { Partly = copy.Place, Offset = seen.At, Pass = count };
            }

            // A reader may have found a part damaged after this pass had seen it.
            if (from == 0)
            {
                blobs.Absolve(copy.Id);
            }

            var made = copy.Place == copy.Id ? blobs.Spread(copy.Id) : 0;
            return next with { Pass = count with { Blobs = count.Blobs + 1, Mended = count.Mended + made } };
        }
        catch (Fault fault)
        {
            // 404: deleted meanwhile. Everything else is damage, and noted where it was found.
            if (fault.Status != 404 && await IsOwned(turn, copy.Id))
            {
                return next with { Pass = count with { Blobs = count.Blobs + 1, Damaged = count.Damaged + 1 } };
            }

            blobs.Absolve(copy.Id);
            return next;
        }
    }

    // A power cut may leave a name without all of its bytes; no row names it, and the sweep takes it.
    private async Task<bool> IsOwned(Turn turn, string id) => (await turn.Db.Read(r => owner.Owned(r, [id]), turn.Cancel)).Count > 0;

    private sealed record Copy(string Place, string Id, BlobDisk Disk);
}
