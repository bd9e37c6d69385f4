using Ciel.Core.Ledger;
using Ciel.Core.Store;

namespace Ciel.Services.Billing.Prices;

/// <summary>What a book may say and an operator hardly means.</summary>
internal static class BookHints
{
    // It sells all that this cloud meters, so it knows the meters and their units.
    private static readonly PriceBook Shipped = BookFile.Read(BookFile.Default);

    /// <summary>Classes of tax that something has and that no country has a rate for.</summary>
    public static IEnumerable<string> WithoutTax(PriceBook book) =>
        book.Products.Select(p => p.Tax).Concat(book.Offers.Select(o => o.Tax)).Distinct().Where(c => book.Taxes.All(t => t.Class != c));

    /// <summary>Products that would never be billed: their meter is none of this cloud's and never ran here, or it counts what their unit does not sell.</summary>
    public static async Task<IReadOnlyList<string>> Unmetered(Reader reader, PriceBook book)
    {
        var ids = new List<string>();
        foreach (var product in book.Products)
        {
            var same = Shipped.Products.Where(p => p.Meter == product.Meter).ToList();
            if (same.Count > 0 ? !same.Exists(p => Meets(product, p)) : !await UsageReport.Has(reader, product.Meter))
            {
                ids.Add(product.Id);
            }
        }

        return ids;
    }

    private static bool Meets(Product product, Product shipped) => product.Unit.Timed == shipped.Unit.Timed
        && (product.Attribute is not null || shipped.Attribute is not null || product.Unit.Takes(shipped.Unit.Size));
}
