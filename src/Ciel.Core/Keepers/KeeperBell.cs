namespace Ciel.Core.Keepers;

/// <summary>Wakes the engine of this process early. Only a hint: the rows say what is due.</summary>
public sealed class KeeperBell
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _rung = New();

    /// <summary>There may be something due now.</summary>
    public void Ring()
    {
        lock (_lock)
        {
            _rung.TrySetResult();
        }
    }

    /// <summary>A task that completes at the next ring, or has if it rang since the last call.</summary>
    internal Task Next()
    {
        lock (_lock)
        {
            var current = _rung;
            if (current.Task.IsCompleted)
            {
                _rung = New();
            }

            return current.Task;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
