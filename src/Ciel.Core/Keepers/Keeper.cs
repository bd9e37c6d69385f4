using Ciel.Core.Store;

namespace Ciel.Core.Keepers;

/// <summary>
/// Brings one kind of resource from what is to what is desired, in small steps. A step reads everything fresh, makes few agent
/// calls, is safe to run twice, and returns what commits. Deletes retry for ever; everything else until its deadline.
/// </summary>
public abstract class Keeper
{
    /// <summary>Stored with each row; never renamed after a release.</summary>
    public abstract string Kind { get; }

    /// <summary>The newest frame version that this code reads.</summary>
    public virtual long FrameVersion => 1;

    /// <summary>Step names to methods. Names are stored; never renamed after a release.</summary>
    public abstract IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps { get; }

    /// <summary>Decides after <see cref="Next.Fail"/> and when the deadline has passed: most hop to the steps that destroy, with the fault kept for the user.</summary>
    public abstract Task<Next> Failed(Turn turn, string fault);

    /// <summary>Whether this step has no deadline, because what it undoes must never be left behind.</summary>
    public virtual bool ForEver(string step) => false;
}

/// <summary>One run of one keeper under a lease.</summary>
/// <param name="Row">The keeper as it was claimed.</param>
/// <param name="Db">The store.</param>
/// <param name="Now">When it was claimed, µs UTC.</param>
/// <param name="Epoch">The store's epoch, for fences.</param>
/// <param name="Cancel">Cancelled when the program stops.</param>
public sealed record Turn(KeeperRow Row, Db Db, long Now, long Epoch, CancellationToken Cancel)
{
    private long _calls;

    /// <summary>The id of the resource.</summary>
    public string Id => Row.Id;

    /// <summary>Counts agent calls within this lease, for fences.</summary>
    public long NextCall() => ++_calls;
}
