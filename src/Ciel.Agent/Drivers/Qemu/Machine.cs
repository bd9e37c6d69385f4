using System.Globalization;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// One machine, made so by one loop: it looks at what is wished and what is, does the one deed that follows (<see cref="Deeds"/>), and
/// looks again. Calls only change the wish and wake the loop.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    /// <summary>How long a guest may take to power off when asked.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PressAgain = TimeSpan.FromSeconds(10);

    /// <summary>A guest that was still starting did not hear of it; QEMU takes the same request again after 5 s.</summary>
    private static readonly TimeSpan PlugAgain = TimeSpan.FromSeconds(6);

    private readonly string id;
    private readonly IHypervisor host;
    private readonly BootQueue queue;
    private readonly TimeProvider time;
    private readonly IObserver observer;
    private readonly Lock door = new();
    private readonly Wakeup wake;
    private readonly SemaphoreSlim diskUse = new(1, 1);
    private readonly CancellationTokenSource stopped = new();
    private readonly TaskCompletionSource erased = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource interrupt = new();
    private Task loop = Task.CompletedTask;
    private MachineState state;
    private IVm? vm;
    private BootPlace? place;
    private string? busy;
    private double? progress;
    private string? failure;
    private string shown = "";

    public Machine(string id, MachineState state, IHypervisor host, BootQueue queue, TimeProvider time, IObserver observer) =>
        (this.id, this.state, this.host, this.queue, this.time, this.observer, wake) = (id, state, host, queue, time, observer, new Wakeup(time));

    /// <summary>What is known of it.</summary>
    public MachineState State => state;

    /// <summary>Ends when nothing of it is left.</summary>
    public Task Erased => erased.Task;

    /// <summary>Begins, with the QEMU that was found running, if one was.</summary>
    public void Start(Func<Action, IVm>? found)
    {
        vm = found?.Invoke(wake.Signal);
        loop = Background.Start(Live);
    }

    /// <summary>Wishes it so.</summary>
    public Observed Ensure(MachineSpec spec)
    {
        lock (door)
        {
            Keep(state with { Spec = spec });
            failure = null;
            if (!spec.On)
            {
                _ = interrupt.CancelAsync();
            }

            wake.Signal();
            return Observe();
        }
    }

    /// <summary>Wishes it gone.</summary>
    public Observed Absent()
    {
        lock (door)
        {
            Keep(state with { Erasing = true });
            failure = null;
            _ = interrupt.CancelAsync();
            wake.Signal();
            return Observe();
        }
    }

    /// <summary>How it is.</summary>
    public Observed Observe()
    {
        lock (door)
        {
            var facts = new Dictionary<string, string> { [FactKeys.Boots] = state.Boots.ToString(CultureInfo.InvariantCulture) };
            Add(facts, FactKeys.StopReason, vm is null ? state.StopReason : null);
            Add(facts, FactKeys.MachineType, state.MachineType);
            Add(facts, FactKeys.CpuModel, state.CpuModel);
            AddPorts(facts);
            return erased.Task.IsCompleted ? new Observed(ObjectStates.Absent)
                : failure is not null ? new Observed(ObjectStates.Failed, failure, Facts: facts)
                : state.Erasing ? new Observed(ObjectStates.Working, Facts: facts)
                : busy is not null ? new Observed(busy, null, progress, facts)
                : vm is not null ? new Observed(vm.Status == VmStatus.Held ? ObjectStates.Paused : ObjectStates.Running, Facts: facts)
                : new Observed(Due() == Deed.Start ? ObjectStates.Working : ObjectStates.Stopped, Facts: facts);
        }
    }

    /// <summary>Copies its root disk into a file of its directory, as it is at one moment.</summary>
    public async Task Copy(string file, Action<double> report, CancellationToken cancel)
    {
        if (vm is { Status: VmStatus.Running or VmStatus.Held } running)
        {
            await host.Copy(id, state, running, file, report, cancel);
            return;
        }

        await diskUse.WaitAsync(cancel);
        try
        {
            await host.Copy(id, state, null, file, report, cancel);
        }
        finally
        {
            diskUse.Release();
        }
    }

    /// <summary>Stops to care for it; QEMU goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        await interrupt.CancelAsync();
        await loop;
        place?.Dispose();
        if (vm is not null)
        {
            await vm.DisposeAsync();
        }

        interrupt.Dispose();
        stopped.Dispose();
        wake.Dispose();
        diskUse.Dispose();
    }

    private async Task Live()
    {
        while (!stopped.IsCancellationRequested && !erased.Task.IsCompleted)
        {
            try
            {
                await Do(Due());
            }
            catch (OperationCanceledException)
            {
                // The wish has changed: look again.
                Show(null);
            }
            catch (Exception e)
            {
                var foreseen = e is CommandFailedException or InvalidDataException or QmpException;
                await Console.Error.WriteLineAsync($"machine {id}: {(foreseen ? e.Message : e)}");
                Fail(e);
            }
        }
    }

    private Deed Due()
    {
        lock (door)
        {
            return failure is null ? Deeds.Next(state, vm?.Status, Plugged()) : Deed.Nothing;
        }
    }

    private Task Do(Deed deed) => deed switch
    {
        Deed.Erase => Erase(),
        Deed.Settle => Settle(),
        Deed.Resume => Turn(vm!.Resume),
        Deed.Hold => Turn(vm!.Hold),
        Deed.Plug => Plug(),
        Deed.Stop => Stop(),
        Deed.Start => Boot(),
        Deed.CountBoots => CountBoots(),
        _ => wake.Wait(stopped.Token),
    };

    private async Task Boot()
    {
        var cancel = Interruptible();
        var spec = state.Spec;
        Show(ObjectStates.Working);
        var ready = await host.Prepare(id, state, p => Show(ObjectStates.Working, p), cancel);
        Update(now => now with { Disk = ready.Disk, Blanks = ready.Blanks, MachineType = ready.MachineType, CpuModel = ready.CpuModel });
        place = queue.TryEnter();
        if (place is null)
        {
            Show(ObjectStates.Queued);
            place = await queue.Enter(cancel);
            Show(ObjectStates.Working);
        }

        try
        {
            await diskUse.WaitAsync(cancel);
            try
            {
                await Launch(spec, cancel);
            }
            finally
            {
                diskUse.Release();
            }
        }
        catch
        {
            place.Dispose();
            throw;
        }

        queue.Booting(place, spec.Nics);
        Show(null);
    }

    private async Task Launch(MachineSpec spec, CancellationToken cancel)
    {
        var (boots, reason) = (state.Boots, state.StopReason);
        var launched = await host.Launch(id, state with { Spec = spec }, wake.Signal, cancel);
        try
        {
            // Written before the guest runs: whoever finds this QEMU later knows which boot it is.
            Update(now => now with { Child = launched.Identity, HostBoot = HostBoot.Id(), Boots = spec.Boots, StopReason = null });
            await launched.Resume(CancellationToken.None);
            vm = launched;
        }
        catch
        {
            await launched.End();
            await launched.DisposeAsync();
            Update(now => now with { Child = null, Boots = boots, StopReason = reason });
            throw;
        }
    }

    private async Task Turn(Func<CancellationToken, Task> how)
    {
        await how(stopped.Token);
        Show(null);
    }

    private async Task Plug()
    {
        try
        {
            await host.Plug(state, vm!, stopped.Token);
        }
        catch (Exception e) when (e is IOException or QmpException)
        {
            // The machine runs on without it; whoever wished it sees that it does not come.
            await Console.Error.WriteLineAsync($"machine {id}: {e.Message}");
        }

        Show(null);
        if (!Plugged())
        {
            await wake.Wait(PlugAgain, stopped.Token);
        }
    }

    private bool Plugged() => vm is null || (vm.Nics is { } there && there.ToHashSet().SetEquals(state.Spec.Nics.Select(NicDevice.Id)));

    private async Task Stop()
    {
        for (var until = time.GetUtcNow() + Grace; Graceful() && time.GetUtcNow() < until;)
        {
            if (!await TryPressPower())
            {
                break;
            }

            await wake.Wait(PressAgain, stopped.Token);
        }

        if (vm!.Status is VmStatus.Running or VmStatus.Paused or VmStatus.Held)
        {
            await vm.End();
        }

        await Settle();
    }

    private async Task<bool> TryPressPower()
    {
        try
        {
            await vm!.PressPower(stopped.Token);
            return true;
        }
        catch (QmpException e)
        {
            await Console.Error.WriteLineAsync($"machine {id}: {e.Message}");
            return false;
        }
    }

    private bool Graceful()
    {
        lock (door)
        {
            return vm!.Status == VmStatus.Running && state.Spec.Graceful && !state.Erasing;
        }
    }

    /// <summary>QEMU has ended or waits to be ended: notes why.</summary>
    private async Task Settle()
    {
        var reason = Deeds.StopReason(state, vm!.Status);
        await vm.End();
        await vm.DisposeAsync();
        place?.Dispose();
        lock (door)
        {
            vm = null;
            Keep(state with { Child = null, StopReason = reason });
        }

        Show(null);
    }

    private Task CountBoots()
    {
        Update(now => now with { Boots = now.Spec.Boots });
        return Task.CompletedTask;
    }

    private async Task Erase()
    {
        place?.Dispose();
        if (vm is not null)
        {
            await vm.DisposeAsync();
            vm = null;
        }

        await host.Erase(id, state);
        lock (door)
        {
            erased.SetResult();
            Emit();
        }
    }

    private CancellationToken Interruptible()
    {
        lock (door)
        {
            interrupt.Dispose();
            interrupt = new CancellationTokenSource();
            if (state.Erasing || !state.Spec.On || stopped.IsCancellationRequested)
            {
                interrupt.Cancel();
            }

            return interrupt.Token;
        }
    }

    private void Update(Func<MachineState, MachineState> change)
    {
        lock (door)
        {
            Keep(change(state));
        }
    }

    private void Keep(MachineState next)
    {
        host.Save(id, next);
        state = next;
    }

    private void Show(string? now, double? share = null)
    {
        lock (door)
        {
            (busy, progress) = (now, share is { } value ? Math.Round(value, 2) : null);
            Emit();
        }
    }

    private void Fail(Exception why)
    {
        lock (door)
        {
            (busy, progress, failure) = (null, null, why.Message);
            Emit();
        }
    }

    private void Emit()
    {
        var now = Observe();
        var text = $"{now.State} {now.Error} {now.Progress} {string.Join(' ', (now.Facts ?? new Dictionary<string, string>()).Values)}";
        if (text != shown)
        {
            shown = text;
            observer.Changed(ObjectName.Machine(id), now);
        }
    }

    private void AddPorts(Dictionary<string, string> facts)
    {
        var wished = state.Spec.Nics;
        var there = vm is null ? [.. wished.Select(NicDevice.Id)] : vm.Nics;
        if (there is not null)
        {
            facts[FactKeys.Ports] = string.Join(' ', wished.Where(nic => there.Contains(NicDevice.Id(nic))).Select(nic => nic.PortId));
            var leaving = there.Except(wished.Select(NicDevice.Id)).Count();
            Add(facts, FactKeys.Leaving, leaving == 0 ? null : leaving.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void Add(Dictionary<string, string> facts, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            facts[key] = value;
        }
    }
}
