namespace Ciel.Agent;

/// <summary>One call at a time for each name.</summary>
internal sealed class NameLocks(TimeProvider time)
{
    private readonly Dictionary<string, Gate> gates = new(StringComparer.Ordinal);

    /// <summary>Waits for the name's turn; disposing the answer ends it.</summary>
    /// <exception cref="TimeoutException">The call before has not ended in time.</exception>
    public async Task<IDisposable> Enter(string name, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var turn = new Turn(this, name);
        try
        {
            await turn.Gate.Semaphore.WaitAsync(either.Token);
            turn.Held = true;
            return turn;
        }
        catch (OperationCanceledException)
        {
            turn.Dispose();
            cancel.ThrowIfCancellationRequested();
            throw new TimeoutException($"the call before about {name} has not ended");
        }
    }

    private sealed class Gate : IDisposable
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }

        public void Dispose() => Semaphore.Dispose();
    }

    private sealed class Turn : IDisposable
    {
        private readonly NameLocks locks;
        private readonly string name;

        public Turn(NameLocks locks, string name)
        {
            (this.locks, this.name) = (locks, name);
            lock (locks.gates)
            {
                Gate = locks.gates.TryGetValue(name, out var gate) ? gate : locks.gates[name] = new Gate();
                Gate.Users++;
            }
        }

        public Gate Gate { get; }

        public bool Held { get; set; }

        public void Dispose()
        {
            lock (locks.gates)
            {
                if (Held)
                {
                    Held = false;
                    Gate.Semaphore.Release();
                }

                if (--Gate.Users == 0)
                {
                    locks.gates.Remove(name);
                }
            }
        }
    }
}
