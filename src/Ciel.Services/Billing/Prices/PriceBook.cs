using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Prices;

/// <summary>All that is sold and what it costs, dated. What once applied stays: a change is a new entry with a later date.</summary>
internal sealed record PriceBook
{
    /// <summary>A book without entries.</summary>
    public static PriceBook Empty { get; } = new();

    /// <summary>What is sold.</summary>
    public IReadOnlyList<Product> Products { get; init; } = [];

    /// <summary>What it costs.</summary>
    public IReadOnlyList<Price> Prices { get; init; } = [];

    /// <summary>What was agreed with customers.</summary>
    public IReadOnlyList<Contract> Contracts { get; init; } = [];

    /// <summary>What can be ordered.</summary>
    public IReadOnlyList<Offer> Offers { get; init; } = [];

    /// <summary>What goes to the state.</summary>
    public IReadOnlyList<TaxRate> Taxes { get; init; } = [];

    /// <summary>The prices of a product that a customer pays in a period, each with its stretch of it, in order of time. A stretch without any is left out.</summary>
    /// <param name="product">The product's id.</param>
    /// <param name="currency">The customer's.</param>
    /// <param name="contract">The customer's; null for none.</param>
    /// <param name="period">The period.</param>
    public IEnumerable<(Period Stretch, Price Price)> PricesIn(string product, string currency, string? contract, Period period)
    {
        var mine = Prices.Where(p => p.Product == product && p.Currency == currency && (p.Contract is null || p.Contract == contract)).ToList();

        // From a contract's first price on, the list may change without touching it.
        var first = mine.Where(p => p.Contract is not null).Select(p => p.From).DefaultIfEmpty(long.MaxValue).Min();
        foreach (var stretch in period.Cut(mine.Where(p => p.Contract is not null || p.From < first).Select(p => p.From)))
        {
            var holds = mine.Where(p => p.From <= stretch.From).OrderBy(p => p.Contract is not null).ThenBy(p => p.From).LastOrDefault();
            if (holds is not null)
            {
                yield return (stretch, holds);
            }
        }
    }

    /// <summary>An offer as it is at an instant; null where there is none yet.</summary>
    public Offer? OfferAt(string id, string currency, long instant) =>
        Offers.Where(o => o.Id == id && o.Currency == currency && o.From <= instant).MaxBy(o => o.From);

    /// <summary>The rate of tax for a customer at an instant; null where the book has none for that class.</summary>
    public TaxRate? TaxOf(string taxClass, string country, bool business, long instant) => Taxes
        .Where(t => t.Class == taxClass && t.From <= instant && (t.Country == country || t.Country == "*") && (t.Business is null || t.Business == business))
        .OrderBy(t => t.Country == country).ThenBy(t => t.Business is not null).ThenBy(t => t.From)
        .LastOrDefault();
}
