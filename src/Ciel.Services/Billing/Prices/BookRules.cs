using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Prices;

/// <summary>What must hold between a book's entries, and between a book and the one that follows it.</summary>
internal static class BookRules
{
    /// <summary>What a book alone has wrong, a sentence each.</summary>
    public static IEnumerable<string> Broken(PriceBook book) =>
    [
        .. Twice(book.Products.Select(p => $"product {p.Id}")),
        .. Twice(book.Contracts.Select(c => $"contract {c.Id}")),
        .. Twice(book.Prices.Select(Name)),
        .. Twice(book.Taxes.Select(Name)),
        .. Twice(book.Offers.Select(Name)),
        .. book.Offers.Where(o => o.Kind is OfferKind.Package or OfferKind.Reservation && book.Products.All(p => p.Id != o.Product))
            .Select(o => $"The {Name(o)}: there is no product {o.Product}. Add it, or correct the name."),
        .. book.Offers.Where(o => o.Kind == OfferKind.SavingsPlan && Idle(book, o.Product)).Select(o => $"The {Name(o)}: no product is meant by {o.Product}. Add one, or correct the name."),
        .. book.Contracts.SelectMany(c => c.Discounts.Where(d => Idle(book, d.Products)).Select(d => $"The contract {c.Id}: no product is meant by {d.Products}. Add one, or correct the name.")),
        .. book.Offers.Where(o => o.Kind == OfferKind.Reservation && book.Products.Any(p => p.Id == o.Product && !p.Unit.Timed))
            .Select(o => $"The {Name(o)}: only what is sold per time can be reserved."),
        .. book.Offers.GroupBy(o => o.Id).Where(g => g.Select(o => (o.Kind, o.Product, o.Months, o.Quantity)).Distinct().Count() > 1)
            .Select(g => $"The offer {g.Key}: only its price, name and tax may change from one entry to the next. Call what differs otherwise."),
        .. book.Prices.Where(p => book.Products.All(x => x.Id != p.Product)).Select(p => $"The {Name(p)}: there is no product {p.Product}. Add it, or correct the name."),
        .. book.Prices.Where(p => p.Contract is { } c && book.Contracts.All(x => x.Id != c)).Select(p => $"The {Name(p)}: there is no contract {p.Contract}. Add it, or correct the name."),
        .. book.Prices.Where(p => !Rising(p)).Select(p => $"The {Name(p)}: each step's 'up to' must be above the one before, and the last step must have none."),
        .. book.Taxes.Where(t => t.Category is not "S" && t.Percent != Amounts.Fixed.Zero).Select(t => $"The {Name(t)}: only category S has a rate above 0."),
        .. book.Contracts.SelectMany(c => c.Discounts.Where(d => d.To <= d.From).Select(_ => $"The contract {c.Id}: a discount must end after it begins.")),
    ];

    /// <summary>What the next book may not do: what has applied stays as it was, and nothing new applies to time that has passed.</summary>
    /// <param name="before">The book until now.</param>
    /// <param name="after">The next.</param>
    /// <param name="now">µs UTC.</param>
    /// <param name="retroactive">Whether new entries may begin in the past: what they change on closed invoices becomes a correction.</param>
    public static IEnumerable<string> Forbidden(PriceBook before, PriceBook after, long now, bool retroactive) =>
    [
        .. Kept(before.Products, after.Products, p => p.Id, p => $"product {p.Id}", Same),
        .. Kept(before.Prices.Where(p => p.From <= now), after.Prices, Name, Name, (a, b) => a.Tiering == b.Tiering && a.Steps.SequenceEqual(b.Steps)),
        .. Kept(before.Taxes.Where(t => t.From <= now), after.Taxes, Name, Name, (a, b) => a == b),
        .. Kept(before.Offers.Where(o => o.From <= now), after.Offers, Name, Name, (a, b) => a with { Name = b.Name } == b),
        .. Kept(before.Contracts, after.Contracts, c => c.Id, c => $"contract {c.Id}", (a, b) => a.Discounts.Where(d => d.From <= now).All(b.Discounts.Contains)),
        .. New(before.Offers, after.Offers, Name).Where(o => o.From < now && before.Offers.Any(x => (x.Id, x.Currency) == (o.Id, o.Currency)))
            .Select(o => $"The {Name(o)} begins in the past, where terms of it have been paid. Begin it later."),
        .. (retroactive ? [] : New(before.Taxes, after.Taxes, Name).Where(t => t.From < now && before.Taxes.Any(x => (x.Class, x.Country, x.Business) == (t.Class, t.Country, t.Business))))
            .Select(t => $"The {Name(t)} begins in the past, where another rate was told. Begin it later, or say that it is retroactive: open periods then have it, and invoices stay as they are."),
        .. (retroactive ? [] : Late(before, after, now)).Select(entry => $"The {entry} begins in the past. Begin it later, or say that it is retroactive: closed invoices are then corrected."),
    ];

    // A slip in a pattern would sell a plan, or promise a discount, on nothing.
    private static bool Idle(PriceBook book, string pattern) => pattern != "*" && !book.Products.Any(p => p.Id.Fits(pattern));

    // What is new and would change what somebody has been told: where nothing was sold or agreed before, nobody has.
    private static IEnumerable<string> Late(PriceBook before, PriceBook after, long now) =>
    [
        .. New(before.Prices, after.Prices, Name).Where(p => p.From < now && before.Prices.Any(x => (x.Product, x.Currency) == (p.Product, p.Currency) && (x.Contract is null || x.Contract == p.Contract))
            && (p.Contract is null || before.Contracts.Any(c => c.Id == p.Contract))).Select(Name),
        .. after.Contracts.SelectMany(c => c.Discounts.Where(d => d.From < now && before.Contracts.FirstOrDefault(x => x.Id == c.Id)?.Discounts.Contains(d) == false)
            .Select(d => $"discount of {d.Percent} % in the contract {c.Id} from {Instant.Text(d.From)}")),
    ];

    private static IEnumerable<T> New<T>(IEnumerable<T> before, IEnumerable<T> after, Func<T, string> name) => after.ExceptBy(before.Select(name), name);

    private static string Series(Price p) => $"price of {p.Product} in {p.Currency}{(p.Contract is { } c ? $" for contract {c}" : "")}";

    private static string Name(Price p) => $"{Series(p)} from {Instant.Text(p.From)}";

    private static string Name(TaxRate t) => $"tax {t.Class} in {t.Country} for {(t.Business switch { true => "business", false => "private", _ => "all" })} customers from {Instant.Text(t.From)}";

    private static string Name(Offer o) => $"offer {o.Id} in {o.Currency} from {Instant.Text(o.From)}";

    private static bool Rising(Price price) =>
        price.Steps[^1].UpTo is null && price.Steps.SkipLast(1).All(s => s.UpTo is not null) && price.Steps.Zip(price.Steps.Skip(1)).All(p => p.Second.UpTo is null || p.First.UpTo < p.Second.UpTo);

    // A product's text may be worded anew; what it measures may not.
    private static bool Same(Product a, Product b) => a.Meter == b.Meter && a.Unit == b.Unit && a.Attribute == b.Attribute && a.AttributeUnit == b.AttributeUnit
        && a.Where.OrderBy(w => w.Key, StringComparer.Ordinal).SequenceEqual(b.Where.OrderBy(w => w.Key, StringComparer.Ordinal));

    private static IEnumerable<string> Twice(IEnumerable<string> names) =>
        names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => $"The {g.Key} is there {g.Count()} times: keep one.");

    private static IEnumerable<string> Kept<T>(IEnumerable<T> before, IEnumerable<T> after, Func<T, string> key, Func<T, string> name, Func<T, T, bool> same)
    {
        var next = after.ToDictionary(key);
        foreach (var entry in before)
        {
            if (!next.TryGetValue(key(entry), out var found))
            {
                yield return $"The {name(entry)} has applied already and must stay in the book.";
            }
            else if (!same(entry, found))
            {
                yield return $"The {name(entry)} has applied already and cannot change. Put it back as it was, and add an entry that begins later.";
            }
        }
    }
}
