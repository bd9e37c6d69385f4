using System.Globalization;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Purchases;

namespace Ciel.Tests.Billing;

/// <summary>What subscriptions cost on which day, worked out by hand.</summary>
public sealed class SubscriptionTests
{
    [Theory]
    // Two months at 31: in advance, from the day of the order on.
    [InlineData("2026-08-15 basic 1", "2026-10-01", "08-15 basic 31, 09-15 basic 31")]
    // Months of the 31st end where the month does, and go on on the 31st.
    [InlineData("2026-01-31 basic 1", "2026-04-30", "01-31 basic 31, 02-28 basic 31, 03-31 basic 31")]
    // From 31 to 62 a month on 24 Aug: 7/31 + 15/30 months are left, so 22.5 back and 45 to pay.
    [InlineData("2026-08-15 basic 1, 2026-08-24 more 1", "2026-10-01", "08-15 basic 31, 08-24 basic -22.5, 08-24 more 45, 09-15 more 62")]
    // One more of the same.
    [InlineData("2026-08-15 basic 1, 2026-08-24 basic 2", "2026-09-01", "08-15 basic 31, 08-24 basic -22.5, 08-24 basic 45")]
    // Ended: what is left is given back, and no term follows.
    [InlineData("2026-08-15 basic 1, 2026-08-24 basic 0", "2026-12-01", "08-15 basic 31, 08-24 basic -22.5")]
    // Ended on the first day of a term: that term is not paid at all.
    [InlineData("2026-08-15 basic 1, 2026-09-15 basic 0", "2026-12-01", "08-15 basic 31")]
    // Changed on the first day of a term: the new one from there.
    [InlineData("2026-08-15 basic 1, 2026-09-15 more 1", "2026-10-01", "08-15 basic 31, 09-15 more 62")]
    // Ended on the day of the order: it costs nothing.
    [InlineData("2026-08-15 basic 1, 2026-08-15 basic 0", "2026-10-01", "")]
    // 15/31 + 15/28 months would be more than the one that was paid.
    [InlineData("2026-01-15 basic 1, 2026-01-16 basic 0", "2026-10-01", "01-15 basic 31, 01-16 basic -31")]
    // Of a year 244/365 (2 May to 31 Dec) and 1/365 are left.
    [InlineData("2026-01-01 yearly 1, 2026-05-01 yearly 0", "2027-06-01", "01-01 yearly 365, 05-01 yearly -245")]
    // From months to years: what is left of the month comes back, and the year begins that day.
    [InlineData("2026-08-15 basic 1, 2026-08-24 yearly 1", "2027-09-01", "08-15 basic 31, 08-24 basic -22.5, 08-24 yearly 365, 08-24 yearly 365")]
    // The price went up on 1 Sep: terms that begin later pay it.
    [InlineData("2026-08-15 rising 1", "2026-10-01", "08-15 rising 10, 09-15 rising 20")]
    public void Fees_fall_due(string changes, string until, string fees)
    {
        var order = new Order("o1", "acme", null, [.. changes.Split(", ").Select((c, i) => Change(c, i))]);
        string.Join(", ", SubscriptionTerms.Fees(order, OfferOn, Day(until)).Select(f => $"{f.On:MM-dd} {f.Offer.Id} {f.Amount}")).ShouldBe(fees);
    }

    [Fact]
    public void A_term_of_three_months_is_changed_in_its_first()
    {
        // 15 Aug to 15 Nov, changed on 24 Aug: 7/31 + 2 + 15/30 months of 31 are left.
        var order = new Order("o1", "acme", null, [Change("2026-08-15 quarter 1", 0), Change("2026-08-24 quarter 0", 1)]);
        SubscriptionTerms.Fees(order, OfferOn, Day("2026-12-01")).Last().Terms.ToString().ShouldBe("-2.7258064516");
    }

    private static Change Change(string text, int sequence)
    {
        var words = text.Split(' ');
        return new() { OrderId = "o1", Sequence = sequence, Day = words[0], Offer = words[1], Quantity = long.Parse(words[2], CultureInfo.InvariantCulture) };
    }

    private static Offer OfferOn(string id, DateOnly day) => new()
    {
        Id = id,
        Name = id,
        Kind = OfferKind.Subscription,
        Currency = "EUR",
        From = 0,
        Months = id == "yearly" ? 12 : id == "quarter" ? 3 : 1,
        Price = Fixed.Whole(id switch { "basic" => 31, "more" => 62, "yearly" => 365, "quarter" => 93, _ => day < new DateOnly(2026, 9, 1) ? 10 : 20 }),
    };

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
