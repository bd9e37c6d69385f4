using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;

namespace Ciel.Tests.Billing;

/// <summary>Amounts that were worked out by hand.</summary>
public sealed class GoldenVectors
{
    private const long Second = 1_000_000;
    private static readonly Currency Euro = Currency.Find("EUR")!;

    [Fact]
    public void A_thousand_gigabytes_for_25874_seconds_cost_46_cents()
    {
        Hours(25_874).ShouldBe("7.1872222222");
        var amount = Fixed.Parse("7.1872222222").Times(Fixed.Whole(1000)).Times(Fixed.Parse("0.000064"));
        amount.ToString().ShouldBe("0.4599822222");
        Euro.Text(Euro.Round(amount)).ShouldBe("0.46");
    }

    [Fact]
    public void One_second_of_an_hourly_price_is_cut_off_after_ten_decimals() => Hours(1).ShouldBe("0.0002777777");

    [Fact]
    public void A_change_within_three_months_leaves_parts_of_three_calendar_months()
    {
        var left = Proration.Months(new(2026, 8, 24), new(2026, 11, 15));
        left.ShouldBe(new Fraction(7, 31) + new Fraction(2, 1) + new Fraction(15, 30));
        Fixed.Whole(31).Times(left).ToString().ShouldBe("84.5"); // 7 + 62 + 15.5
    }

    [Fact]
    public void A_change_within_years_leaves_parts_of_calendar_years()
    {
        var left = Proration.Years(new(2021, 5, 1), new(2023, 11, 1));
        left.ShouldBe(new Fraction(244, 365) + new Fraction(1, 1) + new Fraction(305, 365));
        Fixed.Of(left).Rounded(2).ToString(2).ShouldBe("2.50");
    }

    [Theory]
    [InlineData("2024-01-31", "2024-02-29", "1")] // all of a February of 29 days
    [InlineData("2024-02-14", "2024-02-29", "0.5172413793")] // 15 of 29 days
    [InlineData("2025-02-14", "2025-02-28", "0.5")] // 14 of 28
    [InlineData("2025-12-31", "2026-12-31", "12")]
    [InlineData("2026-03-15", "2026-03-15", "0")] // changed on the last day: nothing is left
    public void Months_that_are_left(string change, string end, string months) =>
        Fixed.Of(Proration.Months(DateOnly.Parse(change, null), DateOnly.Parse(end, null))).ToString().ShouldBe(months);

    [Theory]
    [InlineData("2023-12-31", "2024-12-31", "1")] // a leap year is one year too
    [InlineData("2024-02-28", "2024-12-31", "0.8387978142")] // 307 of 366 days: 29 Feb to 31 Dec
    public void Years_that_are_left(string change, string end, string years) =>
        Fixed.Of(Proration.Years(DateOnly.Parse(change, null), DateOnly.Parse(end, null))).ToString().ShouldBe(years);

    [Theory]
    [InlineData("EUR", "0.005", "0.01")]
    [InlineData("EUR", "-0.005", "-0.01")]
    [InlineData("EUR", "0.0049999999", "0.00")]
    [InlineData("JPY", "4833.5", "4834")]
    [InlineData("JPY", "4833.25", "4833")]
    [InlineData("BHD", "1.2345", "1.235")]
    public void Money_is_rounded_a_half_away_from_zero(string currency, string amount, string money) =>
        Currency.Find(currency)!.Text(Currency.Find(currency)!.Round(Fixed.Parse(amount))).ShouldBe(money);

    [Theory]
    [InlineData("GB-hour", 5_000_000_000, 3600, "5")]
    [InlineData("GiB-hour", 1 << 30, 1800, "0.5")]
    [InlineData("GB-month", 73_000_000_000, 36_000, "1")] // 73 GB for 10 of 730 hours
    public void Bytes_are_sold_in_any_size(string unit, long bytes, long seconds, string quantity) =>
        SaleUnit.Parse(unit)!.Of((Int128)bytes * seconds * Second).ToString().ShouldBe(quantity);

    [Fact]
    public void Requests_are_sold_by_the_thousand() => SaleUnit.Parse("1000 requests")!.Of(1_234_567).ToString().ShouldBe("1234.567");

    [Theory]
    [InlineData("100", new[] { 1, 1, 1 }, "33.3333333333 33.3333333333 33.3333333334")]
    [InlineData("0.0000000001", new[] { 5, 5 }, "0 0.0000000001")]
    [InlineData("-1", new[] { 0, 0 }, "-1 0")]
    [InlineData("7", new[] { 0, 3, 0 }, "0 7 0")]
    public void Shares_add_up_to_the_whole(string whole, int[] weights, string parts) =>
        string.Join(' ', Shares.Of(Fixed.Parse(whole), [.. weights.Select(w => (Int128)w)])).ShouldBe(parts);

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", 23)] // clocks go forward
    [InlineData("Europe/Berlin", "2026-10-25", 25)] // and back
    [InlineData("Europe/Berlin", "2026-06-01", 24)]
    [InlineData("America/Santiago", "2026-09-06", 23)] // midnight itself is skipped
    [InlineData("UTC", "2026-03-29", 24)]
    public void A_day_is_as_long_as_the_customers_clocks_say(string zone, string day, int hours)
    {
        var (place, date) = (Zone.Find(zone)!, DateOnly.Parse(day, null));
        (place.Start(date.AddDays(1)) - place.Start(date)).ShouldBe(hours * 3600 * Second);
        place.Day(place.Start(date)).ShouldBe(date);
        place.Day(place.Start(date) - 1).ShouldBe(date.AddDays(-1));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("Mars/Olympus")]
    [InlineData("")]
    public void What_is_no_zone_is_none(string name) => Zone.Find(name).ShouldBeNull();

    [Theory]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e3")]
    [InlineData("0.00000000001")]
    [InlineData("1,5")]
    [InlineData(" 1")]
    [InlineData("--1")]
    [InlineData("")]
    [InlineData("1234567890123456789")]
    public void What_is_no_number_is_refused(string text) => Fixed.TryParse(text, out _).ShouldBeFalse();

    private static string Hours(long seconds) => SaleUnit.Parse("server-hour")!.Of((Int128)seconds * Second).ToString();
}
