using Column = Ciel.Services.Billing.Focus.FocusColumn<Ciel.Services.Billing.Focus.BillingPeriodRow>;

namespace Ciel.Services.Billing.Focus;

/// <summary>The dataset Billing Period, since 1.4: who issues invoices for which stretch of time, and whether all of them are issued.</summary>
/// <param name="From">µs UTC; the record is as old as the period.</param>
/// <param name="To">µs UTC.</param>
/// <param name="Closed">When the last invoice or credit note for it was issued, or it was closed without one, µs UTC; null while an account's is open.</param>
/// <param name="Issuer">The legal entity.</param>
internal sealed record BillingPeriodRow(long From, long To, long? Closed, string Issuer)
{
    /// <summary>Its columns, in the order of their names.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        Column.Time("BillingPeriodCreated", r => r.From),
        Column.Time("BillingPeriodEnd", r => r.To),
        Column.Time("BillingPeriodLastUpdated", r => r.Closed ?? r.From),
        Column.Time("BillingPeriodStart", r => r.From),
        Column.Text("BillingPeriodStatus", r => r.Closed is null ? "Open" : "Closed"),
        Column.Text("InvoiceIssuerName", r => r.Issuer),
    ];

    /// <summary>One record for all accounts that have the same period and issuer: it is closed when it is for all of them.</summary>
    public static IReadOnlyList<BillingPeriodRow> Of(IEnumerable<BillingPeriodRow> ofAccounts) =>
    [
        .. ofAccounts.GroupBy(r => (r.From, r.To, r.Issuer)).OrderBy(g => g.Key.From).ThenBy(g => g.Key.To).ThenBy(g => g.Key.Issuer, StringComparer.Ordinal)
            .Select(g => new BillingPeriodRow(g.Key.From, g.Key.To, g.Any(r => r.Closed is null) ? null : g.Max(r => r.Closed), g.Key.Issuer)),
    ];
}
