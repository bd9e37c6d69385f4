using Ciel.Agent.Drivers.Qemu;

namespace Ciel.Tests.Agent.Qemu;

/// <summary>A host in memory.</summary>
internal sealed class FakeHypervisor : IHypervisor
{
    public MachineState? Saved { get; private set; }

    public List<FakeVm> Launched { get; } = [];

    /// <summary>For each guest let run: its pid, and what was on disk at that moment.</summary>
    public List<(int Pid, int? SavedPid, long SavedBoots)> Resumed { get; } = [];

    public bool ResumeFails { get; set; }

    public Func<Task> OnPrepare { get; set; } = () => Task.CompletedTask;

    public Exception? LaunchFails { get; set; }

    public bool Erased { get; private set; }

    public void Save(string id, MachineState state) => Saved = state;

    public async Task<MachineState> Prepare(string id, MachineState state, Action<double> progress, CancellationToken cancel)
    {
        progress(0.5);
        await OnPrepare().WaitAsync(cancel);
        return state with { Disk = new MachineDisk(1, null), MachineType = "pc-i440fx-1.0", CpuModel = "cpu" };
    }

    public Task<IVm> Launch(string id, MachineState state, Action changed, CancellationToken cancel)
    {
        if (LaunchFails is not null)
        {
            throw LaunchFails;
        }

        var vm = new FakeVm(Launched.Count + 100, this, changed);
        vm.Nics = [.. state.Spec.Nics.Select(NicDevice.Id)];
        Launched.Add(vm);
        return Task.FromResult<IVm>(vm);
    }

    /// <summary>What plugging comes to; unless told otherwise it succeeds.</summary>
    public Func<MachineState, IVm, Task> OnPlug { get; set; } = (state, vm) =>
    {
        vm.Nics = [.. state.Spec.Nics.Select(NicDevice.Id)];
        return Task.CompletedTask;
    };

    public Task Plug(MachineState state, IVm vm, CancellationToken cancel) => OnPlug(state, vm);

    public Task Copy(string id, MachineState state, IVm? vm, string file, Action<double> progress, CancellationToken cancel) => Task.CompletedTask;

    public Task Erase(string id, MachineState state)
    {
        Erased = true;
        return Task.CompletedTask;
    }
}
