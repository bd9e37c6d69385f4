using System.Globalization;
using System.Text;
using System.Text.Json;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Simulated;

/// <summary>One object of a simulated node: its spec, its state, and the work that leads from one to the other.</summary>
internal sealed class SimulatedObject(string name, SimulatedAgent node)
{
    private readonly StringBuilder _log = new();
    private ObjectSpec? _spec;
    private Dictionary<string, string> _facts = [];
    private string? _work;
    private bool _made;
    private long _boots;

    public string Name { get; } = name;

    public string State { get; private set; } = ObjectStates.Absent;

    public long SinceMicros { get; private set; } = node.NowMicros;

    public string? Error { get; private set; }

    public string? FailNext { get; set; }

    /// <summary>Counts the pieces of work begun; a later one overtakes an earlier.</summary>
    public long Turn { get; set; }

    public bool Gone => _spec is null && State == ObjectStates.Absent;

    public IReadOnlyDictionary<string, string> Facts() => new Dictionary<string, string>(_facts.Concat(_spec is MachineSpec machine
        ? [new(FactKeys.Ports, string.Join(' ', machine.Nics.Select(nic => nic.PortId)))]
        : []));

    public byte[] Log() => Encoding.UTF8.GetBytes(_log.ToString());

    /// <summary>Begins what leads to the spec, unless that is under way; null means gone.</summary>
    public void Want(ObjectSpec? spec)
    {
        var same = _spec is not null && spec is not null && Json(spec) == Json(_spec) && State is not ObjectStates.Absent;
        _spec = spec;
        switch (spec)
        {
            case null:
                Remove();
                break;
            case MachineSpec:
                SteerMachine();
                break;
            case SnapshotSpec snapshot:
                if (State != ObjectStates.Ready)
                {
                    Work("copy", ObjectStates.Working, node.Options.Snapshot, () => Copy(snapshot));
                }

                break;
            default:
                if (!same)
                {
                    _work = null;
                    Work("wire", ObjectStates.Working, node.Options.Wire, () => Is(ObjectStates.Ready));
                }

                break;
        }
    }

    /// <summary>The machine stops by itself.</summary>
    public void Stop(string reason)
    {
        if (State is ObjectStates.Running or ObjectStates.Paused)
        {
            Turn++;
            _facts[FactKeys.StopReason] = reason;
            Is(ObjectStates.Stopped);
        }
    }

    private void Remove()
    {
        if (State != ObjectStates.Absent)
        {
            Work("remove", ObjectStates.Working, State == ObjectStates.Running ? node.Options.Stop : TimeSpan.Zero, () => Is(ObjectStates.Absent));
        }
    }

    private void SteerMachine()
    {
        var spec = (MachineSpec)_spec!;
        if (!_made)
        {
            Work("make", ObjectStates.Working, node.Options.Fetch, () =>
            {
                _made = true;
                SteerMachine();
            });
        }
        else if (!spec.On)
        {
            SwitchOff(spec);
        }
        else if (spec.Boots > _boots)
        {
            Work($"boot {spec.Boots}", ObjectStates.Queued, node.Options.Boot, () => Boot(spec.Boots));
        }
        else if (State == (spec.Paused ? ObjectStates.Running : ObjectStates.Paused))
        {
            Is(spec.Paused ? ObjectStates.Paused : ObjectStates.Running);
        }
    }

    private void SwitchOff(MachineSpec spec)
    {
        Carried(spec.Boots);
        if (State is not (ObjectStates.Stopped or ObjectStates.Failed))
        {
            Work("stop", State, spec.Graceful ? node.Options.Stop : TimeSpan.Zero, () =>
            {
                _facts[FactKeys.StopReason] = "asked";
                Is(ObjectStates.Stopped);
            });
        }
    }

    private void Boot(long boots)
    {
        _facts = [];
        Carried(boots);
        if (TakeFailure("The simulated machine did not boot.") is { } failure)
        {
            Fail(failure);
            return;
        }

        for (var line = 0; line < 20; line++)
        {
            _log.Append(CultureInfo.InvariantCulture, $"[{line}] simulated boot {boots} of {Name}\n");
        }

        Is(ObjectStates.Running);
    }

    private void Carried(long boots)
    {
        _boots = boots;
        _facts[FactKeys.Boots] = boots.ToString(CultureInfo.InvariantCulture);
    }

    private void Copy(SnapshotSpec spec)
    {
        if (TakeFailure("The simulated disk could not be copied.") is { } failure)
        {
            Fail(failure);
            return;
        }

        var size = node.Other(spec.Machine)?._spec is MachineSpec { Root.SizeGiB: > 0 } machine ? machine.Root.SizeGiB : 1;
        _ = HandIn(spec, SimulatedDisk.Qcow2(size), Turn);
    }

    private async Task HandIn(SnapshotSpec spec, byte[] disk, long turn)
    {
        await Task.Yield();
        try
        {
            using var content = new MemoryStream(disk, writable: false);
            await node.Controller.Store(spec.Ticket, content, CancellationToken.None);
            node.Finish(this, turn, () =>
            {
                _facts = SimulatedDisk.Facts(disk);
                Is(ObjectStates.Ready);
            });
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            node.Finish(this, turn, () => Fail("The image service did not take the copy: " + e.Message));
        }
    }

    private static string Json(ObjectSpec spec) => JsonSerializer.Serialize(spec, Wire.Default.ObjectSpec);

    private string? TakeFailure(string byChance)
    {
        var failure = FailNext ?? (node.Unlucky() ? byChance : null);
        FailNext = null;
        return failure;
    }

    // The same work is not begun twice: calls repeat while it goes on.
    private void Work(string work, string state, TimeSpan span, Action done)
    {
        if (_work == work)
        {
            return;
        }

        _work = work;
        if (State != state)
        {
            Is(state);
        }

        node.After(span, this, done);
    }

    private void Fail(string error)
    {
        Is(ObjectStates.Failed);
        Error = error;
    }

    private void Is(string state)
    {
        _work = state is ObjectStates.Working or ObjectStates.Queued ? _work : null;
        Error = null;
        State = state;
        SinceMicros = node.NowMicros;
    }
}
