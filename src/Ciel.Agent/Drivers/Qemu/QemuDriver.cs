using System.Collections.Concurrent;
using System.Net.Sockets;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>Virtual machines and snapshots of their disks.</summary>
internal sealed class QemuDriver : IDriver, IAsyncDisposable
{
    private const int SerialBytes = 1 << 20;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30);

    private readonly AgentOptions options;
    private readonly IController controller;
    private readonly IObserver observer;
    private readonly NetnsBrokerClient broker;
    private readonly TimeProvider time;
    private readonly BootQueue queue;
    private readonly BaseCache bases;
    private readonly Uids uids;
    private readonly IReadOnlyList<CgroupHierarchy> hierarchies = CgroupHierarchy.OnThisHost();
    private readonly Cgroups cgroups;
    private readonly Children children;
    private readonly ConcurrentDictionary<string, Machine> machines = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Snapshot> snapshots = new(StringComparer.Ordinal);
    private ITimer? sweeper;
    private QemuInstall? qemu;
    private KvmVerdict? kvm;
    private QemuHost? host;

    public QemuDriver(AgentOptions options, IController controller, IObserver observer, GuestSigns signs, NetnsBrokerClient broker, TimeProvider time)
    {
        (this.options, this.controller, this.observer, this.broker, this.time) = (options, controller, observer, broker, time);
        queue = new BootQueue(Environment.ProcessorCount, signs, time);
        bases = new BaseCache(Path.Combine(options.Data, "bases"), options.BaseCacheBytes, controller, time);
        uids = new Uids(options.FirstUid, AgentOptions.Users - 1);
        cgroups = new Cgroups(options.Instance, hierarchies);
        children = new Children(options.Self, time);
    }

    public IReadOnlyList<string> Kinds { get; } = ["machine", "snapshot"];

    private string MachinesDirectory => Path.Combine(options.Data, "machines");

    private string SnapshotsDirectory => Path.Combine(options.Data, "snapshots");

    public async Task<IReadOnlyDictionary<string, Observed>> Adopt(CancellationToken cancel)
    {
        Directory.CreateDirectory(options.Data);
        MachineFolder.MakeParent(MachinesDirectory);
        Directory.CreateDirectory(SnapshotsDirectory);
        bases.Open();
        await Look(cancel);
        if (qemu is null || kvm is null)
        {
            return new Dictionary<string, Observed>();
        }

        host = new QemuHost(options, qemu, kvm, bases, uids, cgroups, children, broker, time);
        var adoption = new Adoption(host, MachinesDirectory, cgroups, uids, time);
        foreach (var (id, state, vm) in await adoption.Find())
        {
            machines[id] = NewMachine(id, state);
            machines[id].Start(vm);
        }

        AdoptSnapshots();
        sweeper = time.CreateTimer(_ => CutLogs(), null, Sweep, Sweep);
        return machines.ToDictionary(pair => ObjectName.Machine(pair.Key), pair => pair.Value.Observe())
            .Concat(snapshots.ToDictionary(pair => ObjectName.Snapshot(pair.Key), pair => pair.Value.Observe()))
            .ToDictionary();
    }

    public async Task<IReadOnlyList<NodeFeature>> Detect(CancellationToken cancel)
    {
        await Look(cancel);
        return await QemuFeatures.Find(qemu, kvm, hierarchies, time, cancel);
    }

    public Task<Observed> Ensure(string name, ObjectSpec spec, CancellationToken cancel) => Task.FromResult(spec switch
    {
        _ when host is null => new Observed(ObjectStates.Failed, "QEMU is not installed on the node."),
        MachineSpec machine => EnsureMachine(ObjectName.Id(name), machine),
        SnapshotSpec snapshot => EnsureSnapshot(ObjectName.Id(name), snapshot),
        _ => throw new AgentRefusedException($"{name}: not a machine or snapshot"),
    });

    public async Task<Observed> Absent(string name, CancellationToken cancel)
    {
        var id = ObjectName.Id(name);
        if (ObjectName.Kind(name) == "snapshot")
        {
            if (snapshots.TryRemove(id, out var snapshot))
            {
                await snapshot.End();
            }

            return new Observed(ObjectStates.Absent);
        }

        if (!machines.TryGetValue(id, out var machine))
        {
            return new Observed(ObjectStates.Absent);
        }

        machine.Absent();
        await Task.WhenAny(machine.Erased, Task.Delay(TimeSpan.FromSeconds(1), time, cancel));
        return machine.Observe();
    }

    public async Task<Stream> Open(string name, string stream, CancellationToken cancel)
    {
        var id = ObjectName.Id(name);
        if (host is null || !machines.TryGetValue(id, out var machine))
        {
            throw new AgentRefusedException($"{name} is not here");
        }

        var folder = host.Folder(id);
        return stream switch
        {
            StreamKinds.Log => SerialLog.Open(folder, machine.State.Uid, SerialBytes),
            StreamKinds.Console => new NetworkStream(
                await UnixSockets.Connect(folder.Guest, MachineFolder.Vnc, machine.State.Uid, cancel), ownsSocket: true),
            _ => throw new AgentRefusedException($"{name} has no stream {stream}"),
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (sweeper is not null)
        {
            await sweeper.DisposeAsync();
        }

        await Task.WhenAll(snapshots.Values.Select(snapshot => snapshot.DisposeAsync().AsTask()));
        await Task.WhenAll(machines.Values.Select(machine => machine.DisposeAsync().AsTask()));
        queue.Dispose();
    }

    private Observed EnsureMachine(string id, MachineSpec spec)
    {
        if (MachineRules.Refusal(spec) is { } refusal)
        {
            return new Observed(ObjectStates.Failed, refusal);
        }

        var machine = machines.GetOrAdd(id, _ =>
        {
            var state = new MachineState(spec, uids.Take());
            host!.Save(id, state);
            var made = NewMachine(id, state);
            made.Start(null);
            return made;
        });
        return machine.Ensure(spec);
    }

    private Observed EnsureSnapshot(string id, SnapshotSpec spec)
    {
        var snapshot = snapshots.GetOrAdd(id, _ => NewSnapshot(id, new SnapshotState(spec)));
        return Begin(snapshot, spec);
    }

    private Observed Begin(Snapshot snapshot, SnapshotSpec spec)
    {
        var machineId = ObjectName.Id(spec.Machine);
        return snapshot.Begin(spec, machines.GetValueOrDefault(machineId), host!.Folder(machineId));
    }

    private async Task Look(CancellationToken cancel)
    {
        qemu ??= await QemuInstall.Find(cancel);
        kvm ??= qemu is null ? null : await new KvmProbe(options.Data, children, cgroups, options.FirstUid + AgentOptions.Users - 1, time).Verdict(qemu, cancel);
    }

    private void AdoptSnapshots()
    {
        foreach (var file in Directory.EnumerateFiles(SnapshotsDirectory, "*.json"))
        {
            var state = Snapshot.Read(file)!;
            var id = Path.GetFileNameWithoutExtension(file);
            snapshots[id] = NewSnapshot(id, state);
            Begin(snapshots[id], state.Spec);
        }
    }

    private Machine NewMachine(string id, MachineState state)
    {
        var machine = new Machine(id, state, host!, queue, time, observer);
        _ = machine.Erased.ContinueWith(_ => Forget(id), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return machine;
    }

    private Snapshot NewSnapshot(string id, SnapshotState state) => new(id, SnapshotsDirectory, state, controller, observer, time);

    private void Forget(string id)
    {
        machines.TryRemove(id, out _);
        var used = machines.Values.Select(machine => machine.State)
            .SelectMany(state => new[] { state.Disk?.Base?.Sha512, state.Spec.Root.Base?.Sha512 }).OfType<string>();
        bases.Trim(used.ToHashSet(StringComparer.Ordinal));
    }

    private void CutLogs()
    {
        foreach (var (id, machine) in machines)
        {
            SerialLog.Cut(host!.Folder(id), machine.State.Uid, SerialBytes);
        }
    }
}
