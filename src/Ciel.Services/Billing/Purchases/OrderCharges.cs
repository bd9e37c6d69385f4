using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Purchases;

/// <summary>What an account's orders cost in a period, and what they cover. Pure.</summary>
internal sealed class OrderCharges(Account account, PriceBook book, IReadOnlyList<Order> orders)
{
    /// <summary>The fees that fall into a period.</summary>
    public IEnumerable<Charge> In(Period period) => orders.SelectMany(order => Kind(order) switch
    {
        OfferKind.Subscription => Subscription(order, period),
        OfferKind.Package => Package(order, period),
        _ => Commitment(order, period),
    });

    /// <summary>What covers usage in a period.</summary>
    /// <param name="used">How much of each package earlier periods have used.</param>
    public Covering Covering(IReadOnlyDictionary<string, Fixed> used) => new(
        Of(OfferKind.Package).Select(o => new Package(o.Id, Offer(o).Product, Offer(o).Quantity.Times(Fixed.Whole(o.First.Quantity)) - used.GetValueOrDefault(o.Id), Good(o))),
        Of(OfferKind.Reservation).Select(o => new Reservation(o.Id, Offer(o).Product, o.First.Quantity, Good(o))),
        Of(OfferKind.SavingsPlan).Select(o => new SavingsPlan(o.Id, Offer(o).Product, Offer(o).Price.Times(Fixed.Whole(o.First.Quantity)), Offer(o).Percent, Good(o))));

    private IEnumerable<Order> Of(OfferKind kind) => orders.Where(o => Kind(o) == kind);

    private OfferKind Kind(Order order) => Offer(order).Kind;

    private Offer Offer(Order order) => OfferOn(order.First.Offer, order.First.On);

    private Offer OfferOn(string id, DateOnly day) =>
        book.OfferAt(id, account.Currency, account.Place.Start(day.AddDays(1)) - 1) ?? throw new InvalidOperationException($"The price book has no offer {id} in {account.Currency} on {day}.");

    private Period Good(Order order) => order.Valid(Offer(order).Months, account.Place);

    private IEnumerable<Charge> Subscription(Order order, Period period) => SubscriptionTerms
        .Fees(order, OfferOn, account.Place.Day(period.To - 1).AddDays(1))
        .Where(fee => period.Contains(account.Place.Start(fee.On)))
        .Select(fee => Charge(
            ChargeKind.Subscription, order, fee.Offer, new(account.Place.Start(fee.On), account.Place.Start(fee.End)), fee.Offer.Months == 12 ? "year" : "month", fee.Terms, fee.Amount) with
        {
            TaxedBefore = fee.Paid is { } paid ? Period.Month(paid, account.Place).To : null,
        });

    private IEnumerable<Charge> Package(Order order, Period period)
    {
        var (offer, good) = (Offer(order), Good(order));
        return period.Contains(good.From)
            ? [Charge(ChargeKind.Purchase, order, offer, good, Rating.Charge.OncePerPackage, Fixed.Whole(order.First.Quantity), offer.Price.Times(Fixed.Whole(order.First.Quantity)))]
            : [];
    }

    // Paid for each hour of the term that lies in the period, used or not.
    private IEnumerable<Charge> Commitment(Order order, Period period)
    {
        var (offer, good) = (Offer(order), Good(order).Meet(period));
        if (good.IsEmpty)
        {
            return [];
        }

        var hours = Fixed.Of(new Fraction(new System.Numerics.BigInteger(good.Length) * order.First.Quantity, Hour));
        return [Charge(ChargeKind.Purchase, order, offer, good, "hour", hours, hours.Times(offer.Price))];
    }

    private static Charge Charge(ChargeKind kind, Order order, Offer offer, Period ran, string unit, Fixed quantity, Fixed amount) => new()
    {
        Kind = kind,
        Product = offer.Id,
        Ran = ran,
        Unit = unit,
        Quantity = quantity,
        Each = offer.Price,
        Amount = amount,
        List = amount,
        Source = order.Id,
        Tax = offer.Tax,
        Parts = order.ProjectId is { } project ? [new(project, order.Id, quantity, amount)] : [],
    };
}
