using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;

namespace Ciel.Services.Billing.Clock;

/// <summary>
/// A transaction at another instant: whatever asks it for the time lives at a sandbox's own clock, and so runs there unchanged. Keepers and the
/// audit log are of the real time: they take <see cref="AccountTime.Real"/>.
/// </summary>
internal sealed class ClockTx(Tx real, long now) : Tx
{
    public Tx Inner => real;

    public override Dialect Dialect => real.Dialect;

    public override long Now => now;

    public override Task<List<T>> Query<T>(string sql, object? args = null) => real.Query<T>(sql, args);

    public override Task Each<T>(string sql, object? args, Action<T> act) => real.Each(sql, args, act);

    public override Task<T?> First<T>(string sql, object? args = null)
        where T : default => real.First<T>(sql, args);

    public override Task<T?> Scalar<T>(string sql, object? args = null)
        where T : default => real.Scalar<T>(sql, args);

    public override Task<int> Execute(string sql, object? args = null) => real.Execute(sql, args);

    public override void AfterCommit(Action action) => real.AfterCommit(action);
}

/// <summary>What time it is for an account: the store's, or where it is a sandbox its own clock's.</summary>
internal static class AccountTime
{
    /// <summary>The same transaction at the account's time.</summary>
    public static Tx At(this Tx tx, Account account) => account.ClockAt is { } now ? new ClockTx(tx.Real(), now) : tx;

    /// <summary>The transaction at the real time.</summary>
    public static Tx Real(this Tx tx) => tx is ClockTx clock ? clock.Inner : tx;

    /// <summary>The account's time, µs UTC.</summary>
    /// <param name="account">The account.</param>
    /// <param name="now">The store's time.</param>
    public static long Time(this Account account, long now) => account.ClockAt ?? now;
}
