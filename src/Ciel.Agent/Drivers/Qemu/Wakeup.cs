namespace Ciel.Agent.Drivers.Qemu;

/// <summary>Wakes one loop. Signals that nobody waited for are kept, and several of them count as one.</summary>
internal sealed class Wakeup(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim signals = new(0);

    /// <summary>Wakes the loop; never blocks, and does nothing after the end.</summary>
    public void Signal()
    {
        try
        {
            if (signals.CurrentCount == 0)
            {
                signals.Release();
            }
        }
        catch (ObjectDisposedException)
        {
            return;
        }
    }

    /// <summary>Waits for a signal.</summary>
    public Task Wait(CancellationToken cancel) => signals.WaitAsync(cancel);

    /// <summary>Waits for a signal, or for as long as given.</summary>
    public async Task Wait(TimeSpan limit, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            await signals.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return;
        }
    }

    public void Dispose() => signals.Dispose();
}
