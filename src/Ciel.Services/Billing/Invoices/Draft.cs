using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Coupons;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Services.Billing.Invoices;

/// <summary>
/// What an invoice for a period says, or would say if the period ended now. Money is made here: each line is rounded once, and everything else
/// is a sum of lines. A pure function of the charges.
/// </summary>
internal sealed record Draft
{
    /// <summary>Who pays.</summary>
    public required Account Account { get; init; }

    /// <summary>For when.</summary>
    public required Period Period { get; init; }

    /// <summary>All lines in the order in which they are printed, tax at the end. Their amounts add up to <see cref="Total"/>.</summary>
    public required IReadOnlyList<Line> Lines { get; init; }

    /// <summary>Meters that ran and have no price.</summary>
    public IReadOnlyCollection<string> Unpriced { get; init; } = [];

    /// <summary>All but tax.</summary>
    public Fixed Net => Sum(l => l.Charge.Kind != ChargeKind.Tax);

    /// <summary>Tax.</summary>
    public Fixed Tax => Sum(l => l.Charge.Kind == ChargeKind.Tax);

    /// <summary>What is to be paid.</summary>
    public Fixed Total => Sum(_ => true);

    /// <summary>What of <see cref="Total"/> is due at once, tax included: fees and packages.</summary>
    public Fixed Once => Lines.Where(l => l.Charge.IsOnce).Sum(l => l.Amount + Account.Money.Round(l.Amount.Percent(l.Rate is { Category: "S" } rate ? rate.Percent : Fixed.Zero)));

    /// <summary>
    /// Rounds charges to lines and adds tax, by the rates of the period's last instant: that is when a continuous supply is completed. A correction is of an
    /// earlier period and taxed as that was.
    /// </summary>
    public static Draft Of(
        Account account, PriceBook book, Period period, IReadOnlyList<Charge> charges, IReadOnlyCollection<string> unpriced, IReadOnlyList<HeldCoupon> coupons)
    {
        var money = account.Money;
        List<Line> lines = [.. charges.OrderBy(c => c.Kind).Select(c => new Line
        {
            Charge = c,
            Name = NameOf(book, c.Product),
            Amount = money.Round(c.Amount),
            Rate = book.TaxOf(c.Tax, account.Country, account.TaxNumber is not null, (c.Kind == ChargeKind.Correction ? c.Ran.To : c.TaxedBefore ?? period.To) - 1),
        })];
        lines.AddRange(CouponLines.Of(lines, coupons, money, period));

        // One tax for each rate, whatever classes have it: each is rounded once (EN 16931, BR-CO-17).
        var taxes = lines.Where(l => l.Rate is { Category: "S" }).GroupBy(l => l.Rate!.Percent).Select(g => TaxLine(g.First().Rate!, g, period, money)).ToList();
        return new() { Account = account, Period = period, Lines = [.. lines, .. taxes], Unpriced = unpriced };
    }

    private static string NameOf(PriceBook book, string product) =>
        book.Products.FirstOrDefault(p => p.Id == product)?.Name ?? book.Offers.LastOrDefault(o => o.Id == product)?.Name ?? product;

    private static Line TaxLine(TaxRate rate, IEnumerable<Line> taxed, Period period, Currency money)
    {
        var net = taxed.Sum(l => l.Amount);
        var tax = net.Percent(rate.Percent);
        return new()
        {
            Name = $"Tax, {rate.Percent} % of {money.Text(net)}",
            Amount = money.Round(tax),
            Rate = rate,
            Charge = new()
            {
                Kind = ChargeKind.Tax,
                Product = $"tax-{rate.Class}",
                Ran = period,
                Unit = money.Code,
                Quantity = net,
                Each = Fixed.One.Percent(rate.Percent),
                Amount = tax,
                Tax = rate.Class,
                Parts = [],
            },
        };
    }

    private Fixed Sum(Func<Line, bool> which) => Lines.Where(which).Sum(l => l.Amount);
}

/// <summary>One line of money.</summary>
internal sealed record Line
{
    /// <summary>What it is for.</summary>
    public required Charge Charge { get; init; }

    /// <summary>What a customer reads.</summary>
    public required string Name { get; init; }

    /// <summary>The charge's amount, rounded to money.</summary>
    public required Fixed Amount { get; init; }

    /// <summary>How it is taxed; null where the book has no rate.</summary>
    public TaxRate? Rate { get; init; }
}
