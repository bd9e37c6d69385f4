using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Purchases;

/// <summary>
/// What a subscription costs on which day: the whole fee in advance at the begin of each term, and at each change the difference for what is
/// left of the term. A change to a term of another length gives back what is left of the old one and begins the new one that day.
/// </summary>
internal static class SubscriptionTerms
{
    /// <summary>The fees that fall on days before <paramref name="until"/>, in order.</summary>
    /// <param name="order">The subscription.</param>
    /// <param name="offerOn">The offer as it is on a day: a price holds for whole terms, from their first day.</param>
    /// <param name="until">The first day that is not looked at.</param>
    public static IEnumerable<Fee> Fees(Order order, Func<string, DateOnly, Offer> offerOn, DateOnly until)
    {
        for (var i = 0; i < order.Changes.Count && order.Changes[i].On < until; i++)
        {
            var change = order.Changes[i];
            if (change.Quantity == 0)
            {
                yield break;
            }

            var next = i + 1 < order.Changes.Count ? order.Changes[i + 1] : null;
            var anchor = Anchor(order, i, offerOn);
            var months = offerOn(change.Offer, change.On).Months;
            var stop = next is not null && next.On < until ? next.On : until;

            // The terms that begin while it is so; the one that was running when it became so has been paid.
            for (var k = 0; anchor.AddMonths(k * months) is var begin && begin < stop; k++)
            {
                if (begin >= change.On)
                {
                    var offer = offerOn(change.Offer, begin);
                    yield return new(begin, begin.AddMonths(months), offer, change.Quantity, offer.Price.Times(Fixed.Whole(change.Quantity)), Fixed.Whole(change.Quantity));
                }
            }

            if (next is not null && next.On < until)
            {
                foreach (var fee in Changed(change, next, anchor, months, offerOn))
                {
                    yield return fee;
                }
            }
        }
    }

    // The day from which terms are counted: that of the last change that began a term of another length.
    private static DateOnly Anchor(Order order, int index, Func<string, DateOnly, Offer> offerOn)
    {
        var anchor = order.First.On;
        for (var i = 1; i <= index; i++)
        {
            var (before, after) = (order.Changes[i - 1], order.Changes[i]);
            anchor = offerOn(before.Offer, before.On).Months == offerOn(after.Offer, after.On).Months ? anchor : after.On;
        }

        return anchor;
    }

    private static IEnumerable<Fee> Changed(Change before, Change after, DateOnly anchor, int months, Func<string, DateOnly, Offer> offerOn)
    {
        var begin = anchor;
        for (var k = 1; anchor.AddMonths(k * months) <= after.On; k++)
        {
            begin = anchor.AddMonths(k * months);
        }

        // On the first day of a term nothing of it has been paid: the new terms are simply paid from there.
        if (begin == after.On)
        {
            yield break;
        }

        var end = begin.AddMonths(months);
        var left = Left(after.On, end, months);
        var paid = begin > before.On ? begin : before.On;
        var old = offerOn(before.Offer, paid);
        yield return new(after.On, end, old, before.Quantity, -old.Price.Times(Fixed.Whole(before.Quantity)).Times(left), Fixed.Whole(-before.Quantity).Times(left)) { Paid = paid };
        var fresh = offerOn(after.Offer, after.On);
        if (after.Quantity > 0 && fresh.Months == months)
        {
            yield return new(after.On, end, fresh, after.Quantity, fresh.Price.Times(Fixed.Whole(after.Quantity)).Times(left), Fixed.Whole(after.Quantity).Times(left));
        }
    }

    // Early in a term that ends in a shorter month the days' parts add up to more than was paid: no more than that comes back.
    private static Fraction Left(DateOnly change, DateOnly end, int months)
    {
        var (left, whole) = months == 12 ? (Proration.Years(change, end), 1) : (Proration.Months(change, end), months);
        return left.Numerator > left.Denominator * whole ? new(whole, 1) : left;
    }
}

/// <summary>What falls due on a day.</summary>
/// <param name="On">The day.</param>
/// <param name="End">The last day that it pays for.</param>
/// <param name="Offer">What for.</param>
/// <param name="Units">How many were ordered.</param>
/// <param name="Amount">What it comes to; below zero what is given back.</param>
/// <param name="Terms">How many terms that is.</param>
internal sealed record Fee(DateOnly On, DateOnly End, Offer Offer, long Units, Fixed Amount, Fixed Terms)
{
    /// <summary>Of what is given back, when it was paid.</summary>
    public DateOnly? Paid { get; init; }
}
