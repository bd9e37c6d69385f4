using Ciel.Core.Store;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Focus;

/// <summary>The SQL of FOCUS data.</summary>
internal static class FocusStore
{
    /// <summary>Invoices and credit notes whose period meets a stretch of time; an account's or those of all real ones; in the order in which they were issued.</summary>
    public static Task<List<Invoice>> Issued(Reader reader, string? account, long from, long to) => reader.Query<Invoice>(
        $"""
        SELECT * FROM billing_invoice WHERE period_to > @from AND period_from < @to AND {(account is null ? InvoiceStore.Real : "account_id = @account")}
        ORDER BY issued_at, id
        """,
        new { account, from, to });
}
