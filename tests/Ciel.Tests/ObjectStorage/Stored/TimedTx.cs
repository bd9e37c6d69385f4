using Ciel.Core.Store;

namespace Ciel.Tests.ObjectStorage.Stored;

/// <summary>A transaction at an instant that the test says, on either database.</summary>
internal sealed class TimedTx(Tx inner, long now) : Tx
{
    public override Dialect Dialect => inner.Dialect;

    public override long Now => now;

    public override Task<List<T>> Query<T>(string sql, object? args = null) => inner.Query<T>(sql, args);

    public override Task Each<T>(string sql, object? args, Action<T> act) => inner.Each(sql, args, act);

    public override Task<T?> First<T>(string sql, object? args = null)
        where T : default => inner.First<T>(sql, args);

    public override Task<T?> Scalar<T>(string sql, object? args = null)
        where T : default => inner.Scalar<T>(sql, args);

    public override Task<int> Execute(string sql, object? args = null) => inner.Execute(sql, args);

    public override void AfterCommit(Action action) => inner.AfterCommit(action);
}
