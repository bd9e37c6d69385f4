using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Documents;

/// <summary>All that an invoice's documents are made of. Everything in it was fixed when the invoice was issued, so they never change.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Place">Where its days begin.</param>
/// <param name="Corrects">The invoice that it takes back from; null for none.</param>
/// <param name="Reasons">By category why there is no tax, as the price book had it when the invoice was issued; null for the norm's own words.</param>
internal sealed record Paper(Invoice Invoice, IReadOnlyList<InvoiceLine> Lines, Zone Place, Invoice? Corrects, IReadOnlyDictionary<string, string>? Reasons = null)
{
    /// <summary>Reads it.</summary>
    public static async Task<Paper> Read(Reader reader, Invoice invoice) => new(
        invoice, await InvoiceStore.Lines(reader, invoice.Id), (await AccountStore.Find(reader, invoice.AccountId))!.Place,
        invoice.Corrects is { } number ? await InvoiceStore.ByNumber(reader, number) : null,
        await ReasonsOf(reader, invoice));

    private static async Task<IReadOnlyDictionary<string, string>> ReasonsOf(Reader reader, Invoice invoice)
    {
        var book = BookFile.Read(await BookShelf.Document(reader, await PaperStore.BookAt(reader, invoice.IssuedAt)));
        var (_, buyer) = Party.Both(invoice.Parties);
        return book.Taxes.Select(t => t.Class).Distinct()
            .Select(c => book.TaxOf(c, buyer.Country, buyer.TaxNumber is not null, invoice.PeriodTo - 1))
            .OfType<TaxRate>().Where(t => t.Reason is not null && t.Category is not ("S" or "Z"))
            .GroupBy(t => t.Category).ToDictionary(g => g.Key, g => string.Join("; ", g.Select(t => t.Reason).Distinct()));
    }
}
