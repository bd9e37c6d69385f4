using Ciel.Agent.Contract;

namespace Ciel.Agent.Simulated;

/// <summary>
/// A node without a host: it keeps its objects in memory and moves them through the states that a real one reports, at the pace
/// of the injected clock and with failures drawn from the injected chance. For tests, the simulator and a cloud without machines.
/// </summary>
public sealed class SimulatedAgent : IAgent
{
    private readonly Lock _lock = new();
    private readonly SimulatedAgentOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly SimulatedReporter _reporter;
    private readonly Func<IController> _controller;
    private readonly long _since;
    private readonly Dictionary<string, SimulatedObject> _objects = [];
    private readonly Dictionary<string, Fence> _fences = [];

    /// <summary>A node that reports to the controller. The controller is asked for late, because each side needs the other.</summary>
    public SimulatedAgent(SimulatedAgentOptions options, Func<IController> controller, TimeProvider time, Random random)
    {
        (_options, _controller, _time, _random) = (options, controller, time, random);
        _reporter = new SimulatedReporter(controller, time);
        _since = NowMicros;
    }

    /// <inheritdoc/>
    public Task<Report> Ensure(EnsureRequest request, CancellationToken cancel) => Answer(request.Name, request.Fence, thing => thing.Want(request.Spec));

    /// <inheritdoc/>
    public Task<Report> Absent(AbsentRequest request, CancellationToken cancel) => Answer(request.Name, request.Fence, thing => thing.Want(null));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Report>> Inventory(CancellationToken cancel)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Report>>([.. _objects.Values.Select(Describe)]);
        }
    }

    /// <inheritdoc/>
    public Task<NodeFacts> Facts(CancellationToken cancel) => Task.FromResult(new NodeFacts(
        _options.Node, _options.Node, _options.Vcpus, _options.MemoryMiB, _options.DiskGiB, "sim", "0", [new("simulation", true, "Nothing here is real.")],
        _since,
        "0.00, 0.00, 0.00"));

    /// <inheritdoc/>
    public Task<Stream> Open(string name, string stream, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_objects.TryGetValue(name, out var thing) || stream != StreamKinds.Log)
            {
                throw new AgentRefusedException($"{name} has no stream {stream} here.");
            }

            return Task.FromResult<Stream>(new MemoryStream(thing.Log(), writable: false));
        }
    }

    /// <summary>Plays a guest that powers itself off.</summary>
    public void PowerOffFromInside(string name) => Play(name, thing => thing.Stop("guest"));

    /// <summary>Plays a crash of the machine's process.</summary>
    public void Crash(string name) => Play(name, thing => thing.Stop("crash"));

    /// <summary>Makes the object's next work fail with this sentence.</summary>
    public void FailNext(string name, string error)
    {
        lock (_lock)
        {
            Find(name).FailNext = error;
        }
    }

    private async Task<Report> Answer(string name, Fence fence, Action<SimulatedObject> change)
    {
        await Task.CompletedTask;
        lock (_lock)
        {
            if (_options.ChecksFences && _fences.TryGetValue(name, out var highest) && fence < highest)
            {
                throw new AgentRefusedException($"{name}: {fence} is older than {highest}.", stale: true);
            }

            _fences[name] = fence;
            var thing = Find(name);
            change(thing);
            var report = Describe(thing);
            if (thing.Gone)
            {
                _objects.Remove(name);
            }

            return report;
        }
    }

    private SimulatedObject Find(string name)
    {
        if (!_objects.TryGetValue(name, out var thing))
        {
            thing = _objects[name] = new SimulatedObject(name, this);
        }

        return thing;
    }

    private void Play(string name, Action<SimulatedObject> change)
    {
        lock (_lock)
        {
            var thing = Find(name);
            change(thing);
            Tell(thing);
        }
    }

    private Report Describe(SimulatedObject thing) => new(
        _options.Node,
        thing.Name,
        _fences.TryGetValue(thing.Name, out var fence) ? fence.Generation : 0,
        thing.State,
        thing.SinceMicros,
        thing.Error,
        null,
        thing.Facts());

    private void Tell(SimulatedObject thing) => _reporter.Tell(Describe(thing));

    // What an object may ask of its node; all of it under the node's lock.
    internal SimulatedAgentOptions Options => _options;

    internal long NowMicros => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    internal bool Unlucky() => _options.FailureChance > 0 && _random.NextDouble() < _options.FailureChance;

    internal SimulatedObject? Other(string name) => _objects.GetValueOrDefault(name);

    internal IController Controller => _controller();

    /// <summary>Does something to the object after a span, unless it was given other work meanwhile.</summary>
    internal void After(TimeSpan span, SimulatedObject thing, Action work)
    {
        var turn = ++thing.Turn;
        if (span <= TimeSpan.Zero)
        {
            work();
            return;
        }

        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                Finish(thing, turn, work);
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        timer.Change(span, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Finishes work that was begun in that turn, and reports.</summary>
    internal void Finish(SimulatedObject thing, long turn, Action work)
    {
        lock (_lock)
        {
            if (thing.Turn != turn)
            {
                return;
            }

            work();
            if (thing.Gone)
            {
                _objects.Remove(thing.Name);
            }

            Tell(thing);
        }
    }
}
