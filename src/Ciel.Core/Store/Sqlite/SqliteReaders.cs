using System.Collections.Concurrent;

namespace Ciel.Core.Store;

/// <summary>The reading connections, opened as they are needed, up to <paramref name="most"/>.</summary>
internal sealed class SqliteReaders(Func<SqliteLine> open, int most) : IDisposable
{
    private readonly SemaphoreSlim free = new(most);
    private readonly ConcurrentBag<SqliteLine> idle = [];

    public async Task<T> Use<T>(Func<SqliteLine, Task<T>> use, CancellationToken cancel)
    {
        await free.WaitAsync(cancel);
        try
        {
            return await Lend(idle.TryTake(out var ready) ? ready : open(), use);
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose()
    {
        foreach (var line in idle) line.Dispose();
        free.Dispose();
    }

    private async Task<T> Lend<T>(SqliteLine line, Func<SqliteLine, Task<T>> use)
    {
        try
        {
            return await use(line);
        }
        finally
        {
            // A connection that could not end its transaction is not lent again.
            if (line.InTransaction) line.Dispose();
            else idle.Add(line);
        }
    }
}
