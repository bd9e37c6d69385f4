namespace Ciel.Agent.Drivers.Qemu;

/// <summary>What a machine's keeper in the agent does to the host. Behind it is QEMU, or a test.</summary>
internal interface IHypervisor
{
    /// <summary>Keeps the state, durably.</summary>
    void Save(string id, MachineState state);

    /// <summary>Has all there that a launch needs: base image, disk, what is fixed at the first boot.</summary>
    Task<MachineState> Prepare(string id, MachineState state, Action<double> progress, CancellationToken cancel);

    /// <summary>Starts QEMU with its guest paused. When it fails, nothing of it is left.</summary>
    Task<IVm> Launch(string id, MachineState state, Action changed, CancellationToken cancel);

    /// <summary>
    /// Plugs and unplugs interfaces until the guest has those of the spec, or as far as it gets now: a guest gives one back when it
    /// will, and that is told as a change.
    /// </summary>
    Task Plug(MachineState state, IVm vm, CancellationToken cancel);

    /// <summary>Copies the root disk into a file in the machine's directory, while it runs (<paramref name="vm"/>) or not.</summary>
    Task Copy(string id, MachineState state, IVm? vm, string file, Action<double> progress, CancellationToken cancel);

    /// <summary>Removes every process, control group, file and user of the machine.</summary>
    Task Erase(string id, MachineState state);
}
