using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Documents;
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

    /// <summary>The accounts that pay: one, or all real ones.</summary>
    public static async Task<IReadOnlyList<Account>> Payers(Reader reader, string? account) =>
        [.. (await AccountStore.All(reader)).Where(a => account is null ? a.ParentId is null && !a.IsSandbox : a.Id == account)];

    /// <summary>The periods of accounts, closed and open, that meet a stretch of time.</summary>
    public static async Task<IReadOnlyList<BillingPeriodRow>> Periods(Reader reader, IReadOnlyList<Account> accounts, long from, long to)
    {
        var names = (await EntityStore.All(reader)).ToDictionary(e => e.Id, e => e.Name);
        var rows = new List<BillingPeriodRow>();
        foreach (var account in accounts)
        {
            var closed = await reader.Query<Closed>("SELECT from_at, to_at, closed_at FROM billing_period WHERE account_id = @Id", new { account.Id });
            var issued = (await Issued(reader, account.Id, from, to)).ToLookup(i => i.PeriodFrom);
            rows.AddRange(closed.Select(c => new BillingPeriodRow(
                c.FromAt, c.ToAt, issued[c.FromAt].Select(i => i.IssuedAt).Append(c.ClosedAt).Max(),
                issued[c.FromAt].Select(i => Party.Both(i.Parties).Seller.Name).FirstOrDefault() ?? names[account.EntityId])));
            rows.Add(new(account.Open.From, account.Open.To, null, names[account.EntityId]));
        }

        return BillingPeriodRow.Of(rows.Where(r => r.To > from && r.From < to));
    }

    private sealed record Closed
    {
        public long FromAt { get; init; }

        public long ToAt { get; init; }

        public long ClosedAt { get; init; }
    }
}
