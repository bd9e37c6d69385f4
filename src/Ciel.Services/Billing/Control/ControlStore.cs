using Ciel.Core.Store;

namespace Ciel.Services.Billing.Control;

/// <summary>The SQL of budgets, notices, settlements and of accounts' states.</summary>
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

    public static Task Add(Tx tx, Notice notice) => tx.Execute("INSERT INTO billing_notice (id, account_id, kind, message, at) VALUES (@Id, @AccountId, @Kind, @Message, @At)", notice);

    /// <summary>The newest notices of an account.</summary>
    public static Task<List<Notice>> Notices(Reader reader, string account, int most) =>
        reader.Query<Notice>("SELECT * FROM billing_notice WHERE account_id = @account ORDER BY at DESC, id DESC LIMIT @most", new { account, most });

    public static Task Add(Tx tx, Settlement settlement) => tx.Execute(
        "INSERT INTO billing_settlement (account_id, at, period_from, total) VALUES (@AccountId, @At, @PeriodFrom, @Total) ON CONFLICT (account_id, at) DO UPDATE SET total = excluded.total", settlement);

    public static Task<List<Settlement>> Settlements(Reader reader, string account, long since) =>
        reader.Query<Settlement>("SELECT * FROM billing_settlement WHERE account_id = @account AND at >= @since ORDER BY at", new { account, since });

    public static Task State(Tx tx, string account, string state) =>
        tx.Execute("UPDATE billing_account SET state = @state, state_at = @Now WHERE id = @account", new { account, state, tx.Now });
}
