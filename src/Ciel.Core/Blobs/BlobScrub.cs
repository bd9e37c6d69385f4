using Ciel.Core.Errors;
using Ciel.Core.Keepers;

namespace Ciel.Core.Blobs;

/// <summary>
/// Reads every blob from the disk and verifies it, a little each turn, the whole once a week: what lies unread rots unseen. A damaged
/// one is logged and listed; one that is whole again, or gone, is taken off the list.
/// </summary>
internal sealed class BlobScrub(BlobStore blobs)
{
    public static readonly TimeSpan BetweenPasses = TimeSpan.FromDays(7);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // What a disk could have read while it looked for one more file: bounds the files of a turn.
    private const long Seek = 256 * 1024;

    /// <summary>The keeper's id.</summary>
    public static string IdOf(string service) => service + ".blob-scrub";

    /// <summary>One turn.</summary>
    public Task<Next> Scrub(Turn turn)
    {
        var state = ScrubState.Parse(turn.Row.Frame);
        var budget = (long)(blobs.Options.ScrubRate * Pause.TotalSeconds);
        while (budget > 0 && state.Shard < BlobStore.Shards.Count)
        {
            (state, var spent) = InShard(state, budget, turn.Cancel);
            budget -= spent;
        }

        if (state.Shard < BlobStore.Shards.Count)
        {
            return Task.FromResult(Next.Nap(Pause) with { Frame = state.Text() });
        }

        blobs.ForgetGone();
        return Task.FromResult(Next.Nap(BetweenPasses) with { Frame = new ScrubState { Last = state.Pass, LastEnded = turn.Now }.Text() });
    }

    private (ScrubState State, long Spent) InShard(ScrubState state, long budget, CancellationToken cancel)
    {
        var spent = 0L;
        foreach (var id in blobs.Ids(BlobStore.Shards[state.Shard]).Where(id => string.CompareOrdinal(id, state.After) > 0))
        {
            if (spent >= budget)
            {
                return (state, spent);
            }

            var before = state.Pass.Bytes;
            state = One(state, id, budget - spent, cancel);
            spent += Seek + state.Pass.Bytes - before;
            if (state.After != id)
            {
                return (state, spent);
            }
        }

        return (state with { Shard = state.Shard + 1, After = "", Partly = "", Offset = 0 }, spent);
    }

    private ScrubState One(ScrubState state, string id, long most, CancellationToken cancel)
    {
        var (count, next) = (state.Pass, state with { After = id, Partly = "", Offset = 0 });
        var from = state.Partly == id ? state.Offset : 0;
        try
        {
            var (at, ended) = blobs.Verify(id, from, most, cancel);
            count = count with { Bytes = count.Bytes + at - from };
            if (!ended)
            {
                return state with { Partly = id, Offset = at, Pass = count };
            }

            // A reader may have found a part damaged after this pass had seen it.
            if (from == 0)
            {
                blobs.Absolve(id);
            }

            return next with { Pass = count with { Blobs = count.Blobs + 1 } };
        }
        catch (Fault fault)
        {
            // 404: deleted meanwhile. Everything else is damage, and noted where it was found.
            return fault.Status == 404 ? next : next with { Pass = count with { Blobs = count.Blobs + 1, Damaged = count.Damaged + 1 } };
        }
    }
}
