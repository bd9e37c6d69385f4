using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Prices;

/// <summary>What one customer pays: the book in the customer's currency, and with the contracts that the customer has had.</summary>
/// <param name="Book">The book.</param>
/// <param name="Currency">The customer's.</param>
/// <param name="Contracts">Which contract held when; stretches do not overlap.</param>
internal sealed record Tariff(PriceBook Book, Currency Currency, IReadOnlyList<(Period When, string Contract)> Contracts)
{
    /// <summary>A product's stretches in a period, in order of time: within one, its price and its discounts stay as they are. Where it has no price, none.</summary>
    public IEnumerable<Rate> Rates(string product, Period period)
    {
        foreach (var under in period.Cut(Contracts.SelectMany(c => (long[])[c.When.From, c.When.To])))
        {
            var contract = Contracts.Where(c => c.When.Contains(under.From)).Select(c => c.Contract).FirstOrDefault();
            var discounts = DiscountsOn(product, contract);
            foreach (var (stretch, price) in Book.PricesIn(product, Currency.Code, contract, under))
            {
                foreach (var part in stretch.Cut(discounts.SelectMany(d => (long[])[d.From, d.To ?? long.MaxValue])))
                {
                    yield return new(part, price, [.. discounts.Where(d => part.From >= d.From && (d.To is null || part.From < d.To))], contract);
                }
            }
        }
    }

    private List<Discount> DiscountsOn(string product, string? contract) =>
        [.. Book.Contracts.Where(c => c.Id == contract).SelectMany(c => c.Discounts).Where(d => product.Fits(d.Products))];
}

/// <summary>A stretch of time in which a product's price stays as it is.</summary>
/// <param name="When">The stretch.</param>
/// <param name="Price">The price.</param>
/// <param name="Discounts">What is taken off, one after the other.</param>
/// <param name="Contract">The customer's then; null for none.</param>
internal sealed record Rate(Period When, Price Price, IReadOnlyList<Discount> Discounts, string? Contract);
