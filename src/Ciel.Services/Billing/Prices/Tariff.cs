using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Prices;

/// <summary>What one customer pays: the book in the customer's currency, and with the contracts that the customer and its projects have had.</summary>
/// <param name="Book">The book.</param>
/// <param name="Currency">The customer's.</param>
/// <param name="Contracts">Which contract held when, and for whom; for one and the same they do not overlap.</param>
internal sealed record Tariff(PriceBook Book, Currency Currency, IReadOnlyList<Agreement> Contracts)
{
    /// <summary>The projects with contracts of their own, in order.</summary>
    public IEnumerable<string> Apart => Contracts.Select(c => c.Project).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    /// <summary>A product's stretches in a period, in order of time: within one, its price and its discounts stay as they are. Where it has no price, none.</summary>
    public IEnumerable<Rate> Rates(string product, Period period)
    {
        var whole = Contracts.Where(c => c.Project is null).ToList();
        return period.Cut(whole.SelectMany(c => (long[])[c.When.From, c.When.To]))
            .SelectMany(part => Under(whole.Where(c => c.When.Contains(part.From)).Select(c => c.Contract).FirstOrDefault(), product, part));
    }

    /// <summary>The same while a project has a contract of its own.</summary>
    public IEnumerable<Rate> Rates(string product, Period period, string project) =>
        Of(project).SelectMany(c => Under(c.Contract, product, c.When.Meet(period)));

    /// <summary>What of a stretch is under no contract of the project's own.</summary>
    public IEnumerable<Period> Rest(Period stretch, string project) =>
        stretch.Cut(Of(project).SelectMany(c => (long[])[c.When.From, c.When.To])).Where(part => !Of(project).Any(c => c.When.Contains(part.From)));

    private IEnumerable<Agreement> Of(string project) => Contracts.Where(c => c.Project == project);

    private IEnumerable<Rate> Under(string? contract, string product, Period period)
    {
        var discounts = DiscountsOn(product, contract);
        return period.IsEmpty ? [] :
            from priced in Book.PricesIn(product, Currency.Code, contract, period)
            from part in priced.Stretch.Cut(discounts.SelectMany(d => (long[])[d.From, d.To ?? long.MaxValue]))
            select new Rate(part, priced.Price, [.. discounts.Where(d => part.From >= d.From && (d.To is null || part.From < d.To))], contract);
    }

    private List<Discount> DiscountsOn(string product, string? contract) =>
        [.. Book.Contracts.Where(c => c.Id == contract).SelectMany(c => c.Discounts).Where(d => product.Fits(d.Products))];
}

/// <summary>That a contract held.</summary>
/// <param name="When">From when to when.</param>
/// <param name="Contract">Its id.</param>
/// <param name="Project">For this project alone, whose usage then counts by itself; null for all of a customer's that have none of their own.</param>
internal readonly record struct Agreement(Period When, string Contract, string? Project = null);

/// <summary>A stretch of time in which a product's price stays as it is.</summary>
/// <param name="When">The stretch.</param>
/// <param name="Price">The price.</param>
/// <param name="Discounts">What is taken off, one after the other.</param>
/// <param name="Contract">The customer's then; null for none.</param>
internal sealed record Rate(Period When, Price Price, IReadOnlyList<Discount> Discounts, string? Contract);
