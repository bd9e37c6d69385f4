using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Documents;

/// <summary>All that an invoice's documents are made of. Everything in it was fixed when the invoice was issued, so they never change.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Place">Where its days begin.</param>
/// <param name="Corrects">The invoice that it takes back from; null for none.</param>
internal sealed record Paper(Invoice Invoice, IReadOnlyList<InvoiceLine> Lines, Zone Place, Invoice? Corrects)
{
    /// <summary>Reads it.</summary>
    public static async Task<Paper> Read(Reader reader, Invoice invoice) => new(
        invoice, await InvoiceStore.Lines(reader, invoice.Id), (await AccountStore.Find(reader, invoice.AccountId))!.Place,
        invoice.Corrects is { } number ? await InvoiceStore.ByNumber(reader, number) : null);
}
