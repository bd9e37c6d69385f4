using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Calendar;

/// <summary>
/// What is left of a paid term, in months or years: the days from the day after a change to the end day inclusive, each divided by the days
/// of the calendar month or year that it lies in.
/// </summary>
internal static class Proration
{
    /// <summary>In months: a change on 24 Aug of a term that ends on 15 Nov leaves 7/31 + 2 + 15/30.</summary>
    public static Fraction Months(DateOnly change, DateOnly end) => Parts(change, end, MonthEnd, day => DateTime.DaysInMonth(day.Year, day.Month));

    /// <summary>In years: a change on 1 May of a term that ends on 1 Nov two years later leaves 244/365 + 1 + 305/365.</summary>
    public static Fraction Years(DateOnly change, DateOnly end) => Parts(change, end, day => new(day.Year, 12, 31), day => DateTime.IsLeapYear(day.Year) ? 366 : 365);

    private static DateOnly MonthEnd(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));

    private static Fraction Parts(DateOnly change, DateOnly end, Func<DateOnly, DateOnly> lastDay, Func<DateOnly, int> days)
    {
        var sum = Fraction.Zero;
        for (var first = change.AddDays(1); first <= end;)
        {
            var last = lastDay(first) < end ? lastDay(first) : end;
            sum += new Fraction(last.DayNumber - first.DayNumber + 1, days(first));
            first = last.AddDays(1);
        }

        return sum;
    }
}
