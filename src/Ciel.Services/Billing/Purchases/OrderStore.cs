using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Purchases;

/// <summary>The SQL of orders and of what was changed of them.</summary>
internal static class OrderStore
{
    public static async Task<IReadOnlyList<Order>> Of(Reader reader, string account)
    {
        var changes = (await reader.Query<Change>(
            "SELECT c.* FROM billing_order o JOIN billing_change c ON c.order_id = o.id WHERE o.account_id = @account ORDER BY c.order_id, c.sequence", new { account })).ToLookup(c => c.OrderId);
        var heads = await reader.Query<Head>("SELECT id, account_id, project_id FROM billing_order WHERE account_id = @account ORDER BY ordered_at, id", new { account });
        return [.. heads.Select(h => new Order(h.Id, h.AccountId, h.ProjectId, [.. changes[h.Id]]))];
    }

    public static Task Insert(Tx tx, Order order) => tx.Execute(
        "INSERT INTO billing_order (id, account_id, project_id, ordered_at) VALUES (@Id, @AccountId, @ProjectId, @Now)", new { order.Id, order.AccountId, order.ProjectId, tx.Now });

    public static Task Insert(Tx tx, Change change) => tx.Execute(
        "INSERT INTO billing_change (order_id, sequence, day, offer, quantity, changed_at) VALUES (@OrderId, @Sequence, @Day, @Offer, @Quantity, @ChangedAt)", change);

    /// <summary>How much of each package invoices say was used before an instant, also where it came to light later.</summary>
    public static async Task<Dictionary<string, Fixed>> Used(Reader reader, string account, long before) => (await reader.Query<Use>(
            """
            SELECT l.source AS source, l.quantity AS quantity FROM billing_invoice i JOIN billing_line l ON l.invoice_id = i.id
            WHERE i.account_id = @account AND l.from_at < @before AND l.kind = 'package'
            """,
            new { account, before }))
        .GroupBy(u => u.Source).ToDictionary(g => g.Key, g => g.Sum(u => Fixed.Parse(u.Quantity)));

    private sealed record Head
    {
        public required string Id { get; init; }

        public required string AccountId { get; init; }

        public string? ProjectId { get; init; }
    }

    private sealed record Use
    {
        public required string Source { get; init; }

        public required string Quantity { get; init; }
    }
}
