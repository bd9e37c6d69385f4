using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Simulation;

/// <summary>
/// Everything on one thread: continuations of all processes in an order drawn from the seed, and time that moves only when none is
/// left. The same seed gives the same events, and so the same hash.
/// </summary>
internal sealed class World
{
    private const int Reach = 4;
    private static readonly TimeSpan OutsidePatience = TimeSpan.FromMinutes(1);
    private readonly List<(Lane Lane, SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly object _lock = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="seed">All of its chance.</param>
    /// <param name="begin">Ticks at which its clock begins.</param>
    public World(int seed, long begin = 0)
    {
#pragma warning disable RS0030 // The seed is the simulation's one source of chance.
        Random = new Random(seed);
#pragma warning restore RS0030
        Network = new Lane(this, "network");
        Time = new VirtualTime(this, begin);
    }

    public VirtualTime Time { get; }

    public Random Random { get; }

    /// <summary>What is in flight between processes, and the nodes: never killed.</summary>
    public Lane Network { get; }

    /// <summary>Called with each event, for people who watch.</summary>
    public Action<string>? Watch { get; set; }

    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash())[..16];

    public void Enqueue(Lane lane, SendOrPostCallback callback, object? state)
    {
        lock (_lock)
        {
            _ready.Add((lane, callback, state));
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Notes an event: it goes into the hash.</summary>
    public void Note(string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{Time.Ticks / 10_000_000.0:0.0000} {text}\n");
        _hash.AppendData(Encoding.UTF8.GetBytes(line));
        Watch?.Invoke(line);
    }

    /// <summary>Runs until the task is done.</summary>
    public T Finish<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            if (!Step() && !Time.Advance(long.MaxValue))
            {
                throw new InvalidOperationException("The simulation stands still: nothing is ready and no timer is set.");
            }
        }

        return task.GetAwaiter().GetResult();
    }

    /// <summary>Runs until the task is done while the clock stands: for setting up, where work leaves the thread (hashed passwords, files).</summary>
    public T FinishOutside<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            if (!Step() && !WaitOutside(task))
            {
                throw new InvalidOperationException("The simulation stands still: what left its thread has not come back.");
            }
        }

        return task.GetAwaiter().GetResult();
    }

    /// <summary>Runs for a span of virtual time.</summary>
    public void Run(TimeSpan span)
    {
        var until = Time.Ticks + span.Ticks;
        while (Step() || Time.Advance(until))
        {
        }
    }

    private bool Step()
    {
        (Lane Lane, SendOrPostCallback Callback, object? State) next;
        lock (_lock)
        {
            if (_ready.Count == 0)
            {
                return false;
            }

            var at = Random.Next(Math.Min(Reach, _ready.Count));
            next = _ready[at];
            _ready.RemoveAt(at);
        }

        next.Lane.Run(next.Callback, next.State);
        return true;
    }

    private bool WaitOutside(Task task)
    {
        lock (_lock)
        {
            return _ready.Count > 0 || task.IsCompleted || Monitor.Wait(_lock, OutsidePatience);
        }
    }
}
