using Ciel.Core.Store;

namespace Ciel.Tests.Keepers;

/// <summary>A store that fails one question, counted from 1, and answers all others; the time is a question, too.</summary>
internal sealed class FlakyDb(Db inner, int failing) : Db
{
    private int _asked;

    public override Dialect Dialect => inner.Dialect;

    public bool HasFailed => Volatile.Read(ref _asked) >= failing;

    public override ValueTask<long> Now(CancellationToken cancel = default)
    {
        Ask();
        return inner.Now(cancel);
    }

    public override Task<T> Read<T>(Func<Reader, Task<T>> body, CancellationToken cancel = default)
    {
        Ask();
        return inner.Read(body, cancel);
    }

    public override Task<T> Write<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default) => inner.Write(body, cancel);

    public override Task<T> WriteSerializable<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default) => inner.WriteSerializable(body, cancel);

    // The store within belongs to the test.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Ask()
    {
        if (Interlocked.Increment(ref _asked) == failing)
        {
            throw new StoreBusyException("The disk is full.");
        }
    }
}
