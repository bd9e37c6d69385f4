using Ciel.Core.Store;

namespace Ciel.Tests.Billing.Crash;

/// <summary>
/// A store whose process dies at one durable write, counted from 1: just before its commit, so that nothing of it stays, or just after, so that nobody hears of
/// it. From then on it answers nothing until another process begins. Its clock is the test's, on both databases.
/// </summary>
internal sealed class MortalDb(Db inner, long now) : Db
{
    private (int At, bool After) _death = (int.MaxValue, false);

    public override Dialect Dialect => inner.Dialect;

    /// <summary>How many writes have begun.</summary>
    public int Writes { get; private set; }

    /// <summary>What each write was part of, in order; for messages.</summary>
    public List<string> Log { get; } = [];

    public bool IsDead { get; private set; }

    /// <summary>µs UTC.</summary>
    public long Clock { get; set; } = now;

    public string Doing { get; set; } = "";

    /// <summary>Lets it die at a write.</summary>
    public void DieAt(int write, bool after) => _death = (write, after);

    /// <summary>The next process begins.</summary>
    public void Rise() => IsDead = false;

    public override ValueTask<long> Now(CancellationToken cancel = default)
    {
        RequireLife();
        return ValueTask.FromResult(Clock);
    }

    public override Task<T> Read<T>(Func<Reader, Task<T>> body, CancellationToken cancel = default)
    {
        RequireLife();
        return inner.Read(body, cancel);
    }

    public override async Task<T> Write<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default)
    {
        RequireLife();
        var dies = ++Writes == _death.At;
        Log.Add(Doing);
        var result = await inner.Write(
            async tx =>
            {
                var done = await body(new At(tx, Clock));
                return dies && !_death.After ? throw Die() : done;
            },
            cancel);
        return dies ? throw Die() : result;
    }

    public override Task<T> WriteSerializable<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default) => Write(body, cancel);

    // The store within belongs to the test.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void RequireLife()
    {
        if (IsDead)
        {
            throw new KilledException();
        }
    }

    private KilledException Die()
    {
        IsDead = true;
        return new();
    }

    private sealed class At(Tx tx, long now) : Tx
    {
        public override long Now => now;

        public override Dialect Dialect => tx.Dialect;

        public override Task<int> Execute(string sql, object? args = null) => tx.Execute(sql, args);

        public override Task<List<T>> Query<T>(string sql, object? args = null) => tx.Query<T>(sql, args);

        public override Task Each<T>(string sql, object? args, Action<T> act) => tx.Each(sql, args, act);

        public override Task<T?> First<T>(string sql, object? args = null)
            where T : default => tx.First<T>(sql, args);

        public override Task<T?> Scalar<T>(string sql, object? args = null)
            where T : default => tx.Scalar<T>(sql, args);

        public override void AfterCommit(Action action) => tx.AfterCommit(action);
    }
}

/// <summary>The process is dead.</summary>
internal sealed class KilledException() : Exception("The process was killed.");
