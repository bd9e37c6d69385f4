using System.Collections.Concurrent;

namespace Ciel.Core.Store;

/// <summary>The one writer, on its own thread: takes all that waits, and commits it together.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MostInBatch = 256;
    private readonly BlockingCollection<SqliteJob> waiting = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteBatch batch;

    public SqliteWriter(SqliteBatch batch)
    {
        this.batch = batch;
        new Thread(Loop) { IsBackground = true, Name = "sqlite writer" }.Start();
    }

    /// <summary>Queues the write.</summary>
    /// <exception cref="InvalidOperationException">The store is closed.</exception>
    public void Add(SqliteJob job) => waiting.Add(job);

    /// <summary>Ends after the writes that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        waiting.CompleteAdding();
        await ended.Task;
        waiting.Dispose();
    }

    private void Loop()
    {
        foreach (var first in waiting.GetConsumingEnumerable())
        {
            var jobs = new List<SqliteJob> { first };
            while (jobs.Count < MostInBatch && waiting.TryTake(out var next)) jobs.Add(next);
            batch.Commit(jobs);
        }

        ended.SetResult();
    }
}
