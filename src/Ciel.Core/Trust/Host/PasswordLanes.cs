using System.Collections.Concurrent;

namespace Ciel.Core.Trust.Host;

/// <summary>
/// Threads of their own for hashing passwords, so that a storm of logins neither takes the request threads nor the memory: one at
/// a time per lane, a bounded queue in front, and no beyond.
/// </summary>
public sealed class PasswordLanes : IDisposable
{
    private readonly BlockingCollection<Action> _queue;
    private readonly Thread[] _lanes;

    /// <summary>Starts the lanes.</summary>
    public PasswordLanes(TrustOptions options)
    {
        _queue = new BlockingCollection<Action>(options.PasswordQueue);
        _lanes = [.. Enumerable.Range(0, options.PasswordLanes).Select(i => new Thread(Work) { IsBackground = true, Name = "password " + i })];
        foreach (var lane in _lanes)
        {
            lane.Start();
        }
    }

    /// <summary>Queues a piece of work; null where the queue is full.</summary>
    public Task<T>? TryRun<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.TryAdd(() => Complete(done, work)) ? done.Task : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.CompleteAdding();
        foreach (var lane in _lanes)
        {
            lane.Join();
        }

        _queue.Dispose();
    }

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> work)
    {
        try
        {
            done.SetResult(work());
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }

    private void Work()
    {
        foreach (var work in _queue.GetConsumingEnumerable())
        {
            work();
        }
    }
}
