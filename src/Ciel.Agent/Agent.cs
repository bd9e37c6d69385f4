using System.Collections.Concurrent;
using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.LinuxNet;
using Ciel.Agent.Drivers.Qemu;
using Ciel.Agent.Host;

namespace Ciel.Agent;

/// <summary>
/// The agent of one node. It checks fences and keeps them on disk, gives each call to the driver of its kind, one at a time for each
/// name, and pushes to a controller whatever changes without being asked.
/// </summary>
public sealed class Agent : IAgent, IObserver, IAsyncDisposable
{
    /// <summary>Every call answers within 5 s; half for the name's turn, half for the work.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly AgentOptions options;
    private readonly TimeProvider time;
    private readonly IReadOnlyList<IDriver> drivers;
    private readonly RecordStore records;
    private readonly NameLocks locks;
    private readonly ReportQueue reports;
    private readonly ConcurrentDictionary<string, Observed> observed = new(StringComparer.Ordinal);
    private Task<NodeFacts>? facts;
    private int disposed;

    internal Agent(AgentOptions options, IController controller, TimeProvider time, Func<IObserver, IReadOnlyList<IDriver>> makeDrivers)
    {
        (this.options, this.time) = (options, time);
        records = new RecordStore(Path.Combine(options.Data, "objects"), time);
        locks = new NameLocks(time);
        reports = new ReportQueue(controller, time);
        drivers = makeDrivers(this);
    }

    /// <summary>The agent of this host, with all its drivers. Networks come first: machines stand on them.</summary>
    public static Agent OnThisHost(AgentOptions options, IController controller, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var signs = new GuestSigns();
        return new Agent(options, controller, time, observer =>
        {
            var net = new LinuxNetDriver(options, signs, controller, time);
            return [net, new QemuDriver(options, controller, observer, signs, net.Broker, time)];
        });
    }

    /// <summary>What this host is and has, without taking it into service.</summary>
    public static async Task<NodeFacts> Survey(AgentOptions options, TimeProvider time, CancellationToken cancel)
    {
        await using var agent = OnThisHost(options, new NoController(), time);
        return await NodeSurvey.Take(options, agent.drivers, cancel);
    }

    /// <summary>Detects features, finds again what outlived an earlier agent, makes again what the host lost, and begins to report.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        foreach (var driver in drivers)
        {
            foreach (var (name, found) in await driver.Adopt(cancel))
            {
                Note(name, found, push: true);
            }

            await MakeAgain(driver, cancel);
        }

        facts = NodeSurvey.Take(options, drivers, cancel);
        reports.Start();
    }

    /// <inheritdoc/>
    public Task<Report> Ensure(EnsureRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Call(request.Name, request.Fence, request.Spec, driver => driver.Ensure(request.Name, request.Spec, CancellationToken.None), cancel);
    }

    /// <inheritdoc/>
    public Task<Report> Absent(AbsentRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Call(request.Name, request.Fence, null, driver => driver.Absent(request.Name, CancellationToken.None), cancel);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Report>> Inventory(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Report>>([.. observed.Where(pair => pair.Value.State != ObjectStates.Absent).Select(pair => ToReport(pair.Key, pair.Value))]);

    /// <inheritdoc/>
    public async Task<NodeFacts> Facts(CancellationToken cancel) =>
        await (facts?.WaitAsync(Patience * 2, time, cancel) ?? throw new AgentRefusedException("the agent is still starting")) with { Load = HostBoot.Load() };

    /// <inheritdoc/>
    public Task<Stream> Open(string name, string stream, CancellationToken cancel) => DriverOf(name).Open(name, stream, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        foreach (var driver in drivers.OfType<IAsyncDisposable>().Reverse())
        {
            await driver.DisposeAsync();
        }

        await reports.DisposeAsync();
    }

    /// <summary>A driver saw a change that no call asked about.</summary>
    void IObserver.Changed(string name, Observed observed) => Note(name, observed, push: true);

    private async Task<Report> Call(string name, Fence fence, ObjectSpec? spec, Func<IDriver, Task<Observed>> act, CancellationToken cancel)
    {
        var driver = DriverOf(name);
        var turn = await locks.Enter(name, Patience, cancel);
        try
        {
            records.Accept(name, fence, spec);
        }
        catch
        {
            turn.Dispose();
            throw;
        }

        var work = Act(turn, () => act(driver));
        if (await Task.WhenAny(work, Task.Delay(Patience, time, cancel)) == work)
        {
            return Note(name, await work, push: false);
        }

        // The work keeps the name's turn; what it comes to is pushed.
        _ = Background.Start(async () => Note(name, await work, push: true));
        return ToReport(name, new Observed(ObjectStates.Working));
    }

    private static async Task<Observed> Act(IDisposable turn, Func<Task<Observed>> act)
    {
        using (turn)
        {
            await Task.Yield();
            return await act();
        }
    }

    /// <summary>After the host's restart the drivers find nothing of what is still wanted: its last spec makes it again.</summary>
    private async Task MakeAgain(IDriver driver, CancellationToken cancel)
    {
        foreach (var (name, record) in driver.Kinds.SelectMany(kind => records.All.Where(pair => ObjectName.Kind(pair.Key) == kind)))
        {
            if (record.Spec is { } spec && !observed.ContainsKey(name))
            {
                try
                {
                    Note(name, await driver.Ensure(name, spec, cancel), push: true);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Note(name, new Observed(ObjectStates.Failed, "The node could not make it again after it restarted."), push: true);
                    await Console.Error.WriteLineAsync($"agent: {name}: {e}");
                }
            }
        }
    }

    /// <summary>Takes an observation unless a newer one was taken, and answers what is the case now.</summary>
    private Report Note(string name, Observed seen, bool push)
    {
        lock (records.DoorOf(name))
        {
            var now = observed.TryGetValue(name, out var last) && last.Order > seen.Order ? last : seen;
            observed[name] = now;
            records.Observe(name, now.State);
            var report = ToReport(name, now);
            if (push)
            {
                reports.Add(report);
            }

            return report;
        }
    }

    private Report ToReport(string name, Observed now)
    {
        var record = records.Find(name);
        return new Report(options.Node, name, record?.Fence.Generation ?? 0, now.State, record?.SinceMicros ?? 0, now.Error, now.Progress, now.Facts);
    }

    private IDriver DriverOf(string name) =>
        drivers.FirstOrDefault(driver => name.Contains('/', StringComparison.Ordinal) && driver.Kinds.Contains(ObjectName.Kind(name)))
        ?? throw new AgentRefusedException($"no driver takes {name}");
}
