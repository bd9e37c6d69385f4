namespace Ciel.Agent.Contract;

/// <summary>
/// Orders the calls that controllers make about one object. The agent keeps the highest fence it has seen per name, on disk and
/// also after <see cref="IAgent.Absent"/>, and refuses an older one: a controller that lost its lease cannot undo newer work.
/// </summary>
/// <param name="Epoch">The store's epoch; restoring a backup starts a new one.</param>
/// <param name="Generation">The generation of the row that the object is named after: counted up with each change of its intent.</param>
/// <param name="Lease">The keeper's lease number.</param>
/// <param name="Call">The number of the call within that lease.</param>
public sealed record Fence(long Epoch, long Generation, long Lease, long Call) : IComparable<Fence>
{
    /// <summary>Compares by epoch, then lease, then call. The lease outranks the generation because each lease reads the row afresh.</summary>
    public int CompareTo(Fence? other) => other is null
        ? 1
        : (Epoch, Lease, Call).CompareTo((other.Epoch, other.Lease, other.Call));

    /// <summary>Older than.</summary>
    public static bool operator <(Fence left, Fence right) => left.CompareTo(right) < 0;

    /// <summary>Newer than.</summary>
    public static bool operator >(Fence left, Fence right) => left.CompareTo(right) > 0;

    /// <summary>Older than or the same.</summary>
    public static bool operator <=(Fence left, Fence right) => left.CompareTo(right) <= 0;

    /// <summary>Newer than or the same.</summary>
    public static bool operator >=(Fence left, Fence right) => left.CompareTo(right) >= 0;
}
