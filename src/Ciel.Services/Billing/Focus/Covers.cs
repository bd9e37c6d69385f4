using System.Numerics;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Purchases;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Focus;

/// <summary>
/// How what was paid for orders is spent on the usage of one invoice. A package's price goes with the units taken from it, whenever that is; a
/// commitment's fee goes to what it covered as far as it was used, and the rest was for nothing. Pure.
/// </summary>
internal sealed class Covers
{
    private readonly Dictionary<string, (Order Order, Offer Offer)> _orders = [];
    private readonly Dictionary<long, Fixed> _effective = [];
    private readonly Dictionary<long, (Fixed Cost, Fixed Quantity)> _unused = [];
    private readonly PriceBook _book;

    public Covers(Account account, PriceBook book, IReadOnlyList<Order> orders, IReadOnlyList<InvoiceLine> lines)
    {
        _book = book;
        foreach (var order in orders)
        {
            var end = account.Place.Start(order.First.On.AddDays(1)) - 1;
            if (book.OfferAt(order.First.Offer, account.Currency, end) is { Kind: not OfferKind.Subscription } offer)
            {
                _orders[order.Id] = (order, offer);
            }
        }

        foreach (var group in lines.Where(l => l.Kind is "purchase" or "package" or "commitment" && _orders.ContainsKey(l.Source ?? "")).GroupBy(l => l.Source!))
        {
            Spend(_orders[group.Key].Offer, [.. group.Where(l => l.Kind == "purchase")], [.. group.Where(l => l.Kind != "purchase")]);
        }
    }

    /// <summary>What a line's usage or purchase really cost: its amount, where no order has to do with it.</summary>
    public Fixed Effective(InvoiceLine line) => _effective.TryGetValue(line.Line, out var cost) ? cost : Fixed.Parse(line.Amount);

    /// <summary>What of a purchase was used by nothing, as cost and in the order's own unit; null for none.</summary>
    public (Fixed Cost, Fixed Quantity)? Unused(InvoiceLine line) => _unused.TryGetValue(line.Line, out var unused) ? unused : null;

    /// <summary>What was ordered; null for a subscription, which covers nothing.</summary>
    public Offer? OfferOf(string order) => _orders.TryGetValue(order, out var found) ? found.Offer : null;

    /// <summary>The order that a line is about; null for none.</summary>
    public (Order Order, Offer Offer)? Of(InvoiceLine line) =>
        line.Kind is "purchase" or "package" or "commitment" && _orders.TryGetValue(line.Source ?? "", out var found) ? found : null;

    /// <summary>How much of its order a line, or a part of it, bought or took.</summary>
    /// <param name="offer">What was ordered.</param>
    /// <param name="purchase">Whether it bought.</param>
    /// <param name="quantity">The quantity as it stands on the invoice.</param>
    /// <param name="cost">What it cost: billed for a purchase, effective for usage.</param>
    public Fixed Taken(Offer offer, bool purchase, Fixed quantity, Fixed cost) => offer.Kind switch
    {
        OfferKind.SavingsPlan => cost,
        OfferKind.Package when purchase => offer.Quantity.Times(quantity),
        OfferKind.Reservation when purchase => Units(offer, quantity),
        _ => quantity,
    };

    /// <summary>The unit of <see cref="Taken"/>: one and the same for all that an order has to do with.</summary>
    public string Unit(Offer offer) => Product(offer) is { } product && offer.Kind != OfferKind.SavingsPlan ? FocusUnit.Of(product.Unit.Text) : offer.Currency;

    private void Spend(Offer offer, List<InvoiceLine> bought, List<InvoiceLine> covered)
    {
        foreach (var line in bought)
        {
            _effective[line.Line] = Fixed.Zero;
        }

        if (offer.Kind == OfferKind.Package)
        {
            foreach (var line in covered)
            {
                _effective[line.Line] = Ratio(offer.Price, Fixed.Parse(line.Quantity), offer.Quantity);
            }

            return;
        }

        var (fee, quantity) = (bought.Sum(l => Fixed.Parse(l.Amount)), Units(offer, bought.Sum(l => Fixed.Parse(l.Quantity))));
        var (of, used) = offer.Kind == OfferKind.SavingsPlan
            ? (fee, covered.Sum(l => Fixed.Parse(l.List)) is var list ? list - list.Percent(offer.Percent) : Fixed.Zero)
            : (quantity, covered.Sum(l => Fixed.Parse(l.Quantity)));
        used = Fixed.Min(used, of);
        var spent = used == of ? fee : Ratio(fee, used, of);
        foreach (var (line, cost) in covered.Zip(Shares.Of(spent, covered.ConvertAll(l => Int128.Abs(Fixed.Parse(l.List).Units)))))
        {
            _effective[line.Line] = cost;
        }

        if (bought.Count > 0 && (fee > spent || of > used))
        {
            _unused[bought[0].Line] = (fee - spent, of - used);
        }
    }

    // A reservation is paid by the hour; what it covers is counted in its product's unit.
    private Fixed Units(Offer offer, Fixed hours) => Product(offer) is { Unit.Timed: true } product ? Ratio(hours, Fixed.Whole(Hour), Fixed.Whole(product.Unit.Micros)) : hours;

    private Product? Product(Offer offer) => _book.Products.FirstOrDefault(p => p.Id == offer.Product);

    private static Fixed Ratio(Fixed a, Fixed b, Fixed c) =>
        c == Fixed.Zero ? Fixed.Zero : Fixed.Of((Int128)BigInteger.Divide((BigInteger)a.Units * (BigInteger)b.Units, (BigInteger)c.Units));
}
