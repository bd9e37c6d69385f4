using Ciel.Core.Store;

namespace Ciel.Services.Billing.Notices;

/// <summary>The SQL of deliveries.</summary>
internal static class DeliveryStore
{
    public static Task Insert(Tx tx, Delivery delivery) => tx.Execute(
        """
        INSERT INTO billing_delivery (id, account_id, notice_id, channel, target, state, attempts, next_at, created_at, error)
        VALUES (@Id, @AccountId, @NoticeId, @Channel, @Target, @State, @Attempts, @NextAt, @CreatedAt, @Error)
        """,
        delivery);

    public static Task Save(Tx tx, Delivery delivery) =>
        tx.Execute("UPDATE billing_delivery SET state = @State, attempts = @Attempts, next_at = @NextAt, error = @Error WHERE id = @Id", delivery);

    /// <summary>What may be tried now, the oldest first.</summary>
    public static Task<List<Delivery>> Due(Reader reader, string account, long now, int most) => reader.Query<Delivery>(
        "SELECT * FROM billing_delivery WHERE account_id = @account AND state = 'pending' AND next_at <= @now ORDER BY created_at, id LIMIT @most", new { account, now, most });

    /// <summary>When the next may be tried; null where nothing waits.</summary>
    public static Task<long?> NextAt(Reader reader, string account) =>
        reader.Scalar<long?>("SELECT MIN(next_at) FROM billing_delivery WHERE account_id = @account AND state = 'pending'", new { account });

    public static Task<List<Delivery>> Of(Reader reader, IReadOnlyList<string> notices) =>
        reader.Query<Delivery>("SELECT * FROM billing_delivery WHERE notice_id IN @notices ORDER BY channel", new { notices });
}
