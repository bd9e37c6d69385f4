using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Control;

/// <summary>The SQL of budgets, settlements and of accounts' states.</summary>
internal static class ControlStore
{
    public static Task<List<Budget>> Budgets(Reader reader, string account) =>
        reader.Query<Budget>("SELECT * FROM billing_budget WHERE account_id = @account ORDER BY id", new { account });

    public static Task Insert(Tx tx, Budget budget) => tx.Execute(
        """
        INSERT INTO billing_budget (id, account_id, project_id, amount, alerts, hard_stop, alerted_from, alerted_percent)
        VALUES (@Id, @AccountId, @ProjectId, @Amount, @Alerts, @HardStop, @AlertedFrom, @AlertedPercent)
        """,
        budget);

    public static Task<int> Delete(Tx tx, string account, string id) => tx.Execute("DELETE FROM billing_budget WHERE account_id = @account AND id = @id", new { account, id });

    /// <summary>Remembers the last notice, so that each is written once a period.</summary>
    public static Task Alerted(Tx tx, string id, long from, long percent) =>
        tx.Execute("UPDATE billing_budget SET alerted_from = @from, alerted_percent = @percent WHERE id = @id", new { id, from, percent });

    public static Task Add(Tx tx, Settlement settlement) => tx.Execute(
        """
        INSERT INTO billing_settlement (account_id, at, period_from, total, once) VALUES (@AccountId, @At, @PeriodFrom, @Total, @Once)
        ON CONFLICT (account_id, at) DO UPDATE SET total = excluded.total, once = excluded.once
        """,
        settlement);

    /// <summary>What the last settlement had come to; nothing where the period has not been settled yet.</summary>
    public static async Task<Fixed> Drawn(Reader reader, Account account) => await reader.First<Settlement>(
        "SELECT * FROM billing_settlement WHERE account_id = @Id ORDER BY at DESC LIMIT 1", new { account.Id }) is { } last && last.PeriodFrom == account.ClosedUntil
            ? Fixed.Parse(last.Total)
            : Fixed.Zero;

    public static Task<List<Settlement>> Settlements(Reader reader, string account, long since) =>
        reader.Query<Settlement>("SELECT * FROM billing_settlement WHERE account_id = @account AND at >= @since ORDER BY at", new { account, since });

    /// <summary>Remembers which low balance was told.</summary>
    public static Task LowTold(Tx tx, string account, Fixed? mark) =>
        tx.Execute("UPDATE billing_account SET low_told = @told WHERE id = @account", new { account, told = mark?.ToString() });

    /// <summary>Remembers when the account's resources will be released, and what was told of that.</summary>
    public static Task Release(Tx tx, string account, Releasing releasing) =>
        tx.Execute("UPDATE billing_account SET release_at = @At, release_told = @Told WHERE id = @account", new { account, releasing.At, releasing.Told });

    public static Task State(Tx tx, string account, string state) =>
        tx.Execute("UPDATE billing_account SET state = @state, state_at = @Now WHERE id = @account", new { account, state, tx.Now });
}
