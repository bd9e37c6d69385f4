namespace Ciel.Services.Billing.Calendar;

/// <summary>A stretch of time, the start in it and the end not.</summary>
/// <param name="From">µs UTC.</param>
/// <param name="To">µs UTC.</param>
internal readonly record struct Period(long From, long To)
{
    /// <summary>How long, µs.</summary>
    public long Length => To - From;

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => To <= From;

    /// <summary>The calendar month in which a day lies, where the customer lives.</summary>
    public static Period Month(DateOnly day, Zone zone)
    {
        var first = new DateOnly(day.Year, day.Month, 1);
        return new(zone.Start(first), zone.Start(first.AddMonths(1)));
    }

    /// <summary>Whether an instant is in it.</summary>
    public bool Contains(long instant) => instant >= From && instant < To;

    /// <summary>What two have in common; perhaps nothing.</summary>
    public Period Meet(Period other) => new(Math.Max(From, other.From), Math.Min(To, other.To));

    /// <summary>Cuts it at all those instants that lie inside, in order.</summary>
    public IReadOnlyList<Period> Cut(IEnumerable<long> instants)
    {
        var (from, to) = (From, To);
        long[] edges = [from, .. instants.Where(i => i > from && i < to).Distinct().Order(), to];
        return [.. edges.Zip(edges.Skip(1), (a, b) => new Period(a, b))];
    }
}
