namespace Ciel.Simulation;

/// <summary>
/// One simulated process: whatever its code awaits comes back through here, so that the process can be held up (a pause past its
/// lease) or killed (its memory is gone, what it committed stays).
/// </summary>
internal sealed class Lane(World world, string name) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _held = new();

    public string Name { get; } = name;

    public bool Dead { get; private set; }

    public bool Paused { get; private set; }

    public override void Post(SendOrPostCallback d, object? state) => world.Enqueue(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing here may block.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        Dead = true;
        _held.Clear();
    }

    /// <summary>The process stands still, as after SIGSTOP.</summary>
    public void Pause() => Paused = true;

    /// <summary>It goes on where it stood.</summary>
    public void Resume()
    {
        Paused = false;
        while (_held.TryDequeue(out var item))
        {
            Post(item.Callback, item.State);
        }
    }

    /// <summary>Runs one continuation, or keeps it for later, or drops it with the dead.</summary>
    public void Run(SendOrPostCallback callback, object? state)
    {
        if (Dead)
        {
            return;
        }

        if (Paused)
        {
            _held.Enqueue((callback, state));
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Starts work in this process; its result as others see it (never, when the process dies first).</summary>
    public Task<T> Start<T>(Func<Task<T>> work)
    {
        // Not asynchronously: waiters with a time limit would come back through the thread pool, in an order that no seed repeats.
        var result = new TaskCompletionSource<T>();
        Post(_ => _ = Carry(work, result), null);
        return result.Task;
    }

    private static async Task Carry<T>(Func<Task<T>> work, TaskCompletionSource<T> result)
    {
        try
        {
            result.SetResult(await work());
        }
        catch (Exception e)
        {
            result.SetException(e);
        }
    }
}
