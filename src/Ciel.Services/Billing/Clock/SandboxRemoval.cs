using Ciel.Core.Store;

namespace Ciel.Services.Billing.Clock;

/// <summary>Removes all rows that a sandbox has, and no others.</summary>
internal static class SandboxRemoval
{
    private const string Invoices = "invoice_id IN (SELECT id FROM billing_invoice WHERE account_id = @account)";
    private const string Orders = "order_id IN (SELECT id FROM billing_order WHERE account_id = @account)";
    private const string Projects = "project_id IN (SELECT project_id FROM billing_sandbox_project WHERE account_id = @account)";

    // What hangs on other rows goes before them.
    private static readonly (string Table, string Where)[] Rows =
    [
        ("billing_share", Invoices), ("billing_line", Invoices), ("billing_change", Orders), ("billing_sandbox_span", Projects), ("billing_sandbox_count", Projects),
        .. ((string[])[
            "billing_invoice", "billing_period", "billing_entry", "billing_order", "billing_redemption", "billing_sandbox_project", "billing_project", "billing_contract", "billing_budget",
            "billing_settlement", "billing_delivery", "billing_notice", "billing_webhook", "billing_tag",
        ]).Select(table => (table, "account_id = @account")),
        ("billing_account", "id = @account AND clock_at IS NOT NULL"),
    ];

    /// <summary>Removes them.</summary>
    /// <param name="tx">The transaction, which holds the account.</param>
    /// <param name="account">A sandbox's id.</param>
    public static async Task Remove(Tx tx, string account)
    {
        foreach (var (table, where) in Rows)
        {
            await tx.Execute($"DELETE FROM {table} WHERE {where}", new { account });
        }
    }
}
