using Ciel.Core.Store;

namespace Ciel.Tests.Billing.Crash;

/// <summary>All that billing holds, as lines of text that are the same for the same life: ids are left out or said by what they stand for.</summary>
internal static class Record
{
    private static readonly (string Of, string Sql)[] Parts =
    [
        ("span", "SELECT meter || ' ' || resource_id || ' ' || opened_at || ' ' || COALESCE(CAST(closed_at AS text), 'open') || ' ' || quantity FROM usage_span"),
        ("count", "SELECT meter || ' ' || resource_id || ' ' || from_at || ' ' || quantity FROM usage_count"),
        ("account", "SELECT id || ' ' || name || ' ' || state || ' ' || closed_until FROM billing_account"),
        ("stay", "SELECT project_id || ' ' || account_id || ' ' || from_at || ' ' || COALESCE(CAST(to_at AS text), '') FROM billing_project"),
        ("contract", "SELECT account_id || ' ' || project_id || ' ' || contract || ' ' || from_at || ' ' || COALESCE(CAST(to_at AS text), '') FROM billing_contract"),
        ("entity", "SELECT id || ' ' || last_number FROM billing_entity"),
        ("book", "SELECT CAST(version AS text) FROM billing_book"),
        ("period", "SELECT p.account_id || ' ' || p.from_at || ' ' || p.to_at || ' ' || COALESCE(i.number, 'nothing') || ' ' || p.closed_at FROM billing_period p LEFT JOIN billing_invoice i ON i.id = p.invoice_id"),
        ("invoice", """
            SELECT number || ' ' || kind || ' ' || account_id || ' ' || COALESCE(corrects, '') || ' ' || period_from || ' ' || period_to || ' ' || net || ' ' || tax || ' ' || total || ' ' || prepaid || ' ' || issued_at || ' ' || due_at
            FROM billing_invoice
            """),
        ("line", """
            SELECT i.number || ' ' || l.line || ' ' || l.kind || ' ' || l.product || ' ' || l.name || ' ' || l.from_at || ' ' || l.to_at || ' ' || l.quantity || ' ' || l.each || ' ' || l.rated || ' ' || l.amount || ' '
                || COALESCE(o.change, r.code, l.source, '') || ' ' || COALESCE(l.tax_percent, '')
            FROM billing_line l JOIN billing_invoice i ON i.id = l.invoice_id
            LEFT JOIN (SELECT order_id, offer AS change FROM billing_change WHERE sequence = 0) o ON o.order_id = l.source LEFT JOIN billing_redemption r ON r.id = l.source
            """),
        ("share", """
            SELECT i.number || ' ' || s.line || ' ' || s.project_id || ' ' || COALESCE(o.change, s.resource_id) || ' ' || s.quantity || ' ' || s.rated
            FROM billing_share s JOIN billing_invoice i ON i.id = s.invoice_id LEFT JOIN (SELECT order_id, offer AS change FROM billing_change WHERE sequence = 0) o ON o.order_id = s.resource_id
            """),
        ("entry", "SELECT e.account_id || ' ' || e.kind || ' ' || e.amount || ' ' || COALESCE(i.number, '') || ' ' || COALESCE(e.reference, '') || ' ' || e.at FROM billing_entry e LEFT JOIN billing_invoice i ON i.id = e.invoice_id"),
        ("order", "SELECT o.account_id || ' ' || c.sequence || ' ' || c.day || ' ' || c.offer || ' ' || c.quantity FROM billing_order o LEFT JOIN billing_change c ON c.order_id = o.id"),
        ("coupon", "SELECT code || ' ' || uses_left FROM billing_coupon"),
        ("redemption", "SELECT account_id || ' ' || code FROM billing_redemption"),
        ("budget", "SELECT account_id || ' ' || amount || ' ' || alerted_from || ' ' || alerted_percent FROM billing_budget"),
        ("settlement", "SELECT account_id || ' ' || at || ' ' || period_from || ' ' || total FROM billing_settlement"),
        ("notice", "SELECT account_id || ' ' || kind || ' ' || message || ' ' || at FROM billing_notice"),
        ("suspended", "SELECT project_id || ' ' || reason FROM standing"),
        ("keeper", "SELECT id || ' ' || step || ' ' || wake_at || ' ' || lease_until || ' ' || attempt || COALESCE(last_error, '') FROM keeper"),
    ];

    public static Task<List<string>> Of(Db db) => db.Read(async r =>
    {
        var all = new List<string>();
        foreach (var (of, sql) in Parts)
        {
            all.AddRange((await r.Query<string>(sql)).Order(StringComparer.Ordinal).Select(row => $"{of}: {row}"));
        }

        return all;
    });
}
