using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Control;

/// <summary>Where a period is going, from what its hours have come to. Pure.</summary>
internal static class Outlook
{
    /// <summary>How far back settlements are looked at, µs: a day, the week before it, and one to begin from.</summary>
    public const long Back = 9 * Day;

    /// <summary>What the period will come to if it goes on as in the last day: what it has come to, and that day's pace until its end. Fees are no pace.</summary>
    /// <param name="soFar">What it has come to.</param>
    /// <param name="once">What of it was due at once.</param>
    /// <param name="hours">Settlements, in order of time.</param>
    /// <param name="period">The whole period.</param>
    /// <param name="now">µs UTC.</param>
    public static Fixed Forecast(Fixed soFar, Fixed once, IReadOnlyList<Settlement> hours, Period period, long now)
    {
        var before = hours.LastOrDefault(h => h.PeriodFrom == period.From && h.At <= now - Day);
        var (from, spent) = before is null ? (period.From, soFar - once) : (before.At, soFar - once - before.Running);
        return now <= from ? soFar : soFar + spent.Times(new Fraction(period.To - now, now - from));
    }

    /// <summary>Whether the last day cost more than twice what a day of the week before it did on average. Without a week to compare, no.</summary>
    public static bool IsUnusual(IReadOnlyList<Settlement> hours, long now)
    {
        var (last, week) = (Spent(hours, now - Day, now), Spent(hours, now - (8 * Day), now - Day));
        return week is { } usual && last is { } day && usual > Fixed.Zero && day.Times(Fixed.Whole(7)) > usual.Times(Fixed.Whole(2));
    }

    // Totals begin anew with each period, so steps downwards are not spending.
    private static Fixed? Spent(IReadOnlyList<Settlement> hours, long from, long to)
    {
        var within = hours.Where(h => h.At >= from && h.At <= to).ToList();
        return within.Count == 0 || within[0].At > from + Hour ? null
            : within.Zip(within.Skip(1)).Where(p => p.First.PeriodFrom == p.Second.PeriodFrom)
                .Sum(p => p.Second.Running - p.First.Running);
    }
}
