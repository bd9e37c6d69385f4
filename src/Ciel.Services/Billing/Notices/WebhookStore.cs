using Ciel.Core.Store;

namespace Ciel.Services.Billing.Notices;

/// <summary>The SQL of webhooks.</summary>
internal static class WebhookStore
{
    /// <summary>An account's webhook; null for none.</summary>
    public static Task<Webhook?> Of(Reader reader, string account) => reader.First<Webhook>("SELECT * FROM billing_webhook WHERE account_id = @account", new { account });

    public static Task Set(Tx tx, Webhook webhook) => tx.Execute(
        """
        INSERT INTO billing_webhook (account_id, url, secret, created_at) VALUES (@AccountId, @Url, @Secret, @CreatedAt)
        ON CONFLICT (account_id) DO UPDATE SET url = excluded.url, secret = excluded.secret, created_at = excluded.created_at
        """,
        webhook);

    /// <summary>Removes it, unless another has been set in its place.</summary>
    /// <returns>Whether it did.</returns>
    public static async Task<bool> Remove(Tx tx, Webhook webhook) => await tx.Execute("DELETE FROM billing_webhook WHERE account_id = @AccountId AND secret = @Secret", webhook) == 1;
}
