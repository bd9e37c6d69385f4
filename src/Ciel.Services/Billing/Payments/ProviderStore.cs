using Ciel.Core.Store;

namespace Ciel.Services.Billing.Payments;

/// <summary>The SQL of payment providers' secrets, which are sealed.</summary>
internal static class ProviderStore
{
    public static Task<List<string>> Names(Reader reader) => reader.Query<string>("SELECT name FROM billing_provider ORDER BY name");

    public static Task<string?> Secret(Reader reader, string name) => reader.Scalar<string>("SELECT secret FROM billing_provider WHERE name = @name", new { name });

    public static Task Set(Tx tx, string name, string secret) => tx.Execute(
        """
        INSERT INTO billing_provider (name, secret, created_at) VALUES (@name, @secret, @Now)
        ON CONFLICT (name) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
        """,
        new { name, secret, tx.Now });
}
