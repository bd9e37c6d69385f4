using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>Machines on this host, by QEMU.</summary>
internal sealed class QemuHost(
    AgentOptions options, QemuInstall qemu, KvmVerdict kvm, BaseCache bases, Uids uids, Cgroups cgroups, Children children, NetnsBrokerClient broker, TimeProvider time)
    : IHypervisor
{
    private const long ToolCpuSeconds = 20;
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ToCreate = TimeSpan.FromSeconds(30);
    private readonly DiskCopy copies = new(time);
    private readonly NicPlug nics = new(options.Instance, broker);

    /// <summary>A machine's files.</summary>
    public MachineFolder Folder(string id) => new(Path.Combine(options.Data, "machines"), id);

    public void Save(string id, MachineState state) => Folder(id).Save(state);

    public async Task<MachineState> Prepare(string id, MachineState state, Action<double> progress, CancellationToken cancel)
    {
        var fixedNow = state with
        {
            MachineType = First(state.MachineType, state.Spec.Hardware.MachineType, qemu.MachineType),
            CpuModel = First(state.CpuModel, state.Spec.Hardware.CpuModel, QemuArguments.DefaultCpu(kvm.Works)),
        };
        Folder(id).Make(state.Uid);
        if (state.Spec.Root.Base is { } source && (state.Disk is null || state.Disk.Base?.Sha512 == source.Sha512))
        {
            await bases.Get(source, progress, cancel);
        }

        return fixedNow with
        {
            Disk = state.Disk is { } disk ? await Grow(id, state, disk, cancel) : await MakeDisk(id, state, cancel),
            Blanks = await MakeBlanks(id, state, cancel),
        };
    }

    public async Task<IVm> Launch(string id, MachineState state, Action changed, CancellationToken cancel)
    {
        var folder = Folder(id);
        await cgroups.Kill(id, time);
        var taps = state.Spec.Nics.Select((nic, index) => new LaunchTap(
            HostNames.NetworkNamespace(options.Instance, nic.NetworkId), HostNames.Tap(nic.PortId), QemuArguments.FirstTapFd + index));
        var spec = Confined(id, state, folder.Output, QemuArguments.Machine(qemu, kvm.Works, state)) with
        {
            Lock = folder.Lock,
            Taps = [.. taps],
            Groups = kvm is { Works: true, Group: { } group } ? [group] : [],
        };
        var vm = await StartVm(id, state, spec, "launch.json", MachineFolder.Qmp, changed, cancel);
        vm.Nics = [.. state.Spec.Nics.Select(NicDevice.Id)];
        return vm;
    }

    public Task Plug(MachineState state, IVm vm, CancellationToken cancel) => nics.Run((QemuVm)vm, state.Spec.Nics, cancel);

    public async Task Copy(string id, MachineState state, IVm? vm, string file, Action<double> progress, CancellationToken cancel)
    {
        var folder = Folder(id);
        var disk = state.Disk ?? throw new InvalidOperationException("the machine has no disk yet");
        File.Delete(Path.Combine(folder.Guest, file));
        await CreateFile(id, state, file, disk with { Base = null }, cancel);
        if (vm is QemuVm running)
        {
            await copies.Run(running, file, progress, cancel);
            return;
        }

        const string socket = "copier";
        var spec = Confined(id, state, folder.In("copier.log"), QemuArguments.Copier(qemu, state, socket));
        await using var copier = (QemuVm)await StartVm(id, state, spec, "copier.json", socket, () => { }, cancel);
        try
        {
            await copies.Run(copier, file, progress, cancel);
        }
        finally
        {
            await copier.End();
        }
    }

    public async Task Erase(string id, MachineState state)
    {
        await cgroups.Remove(id, time);
        Folder(id).Remove();
        uids.Release(state.Uid);
    }

    /// <summary>The QEMU of an earlier agent.</summary>
    public QemuVm Find(string id, MachineState state, Action changed) =>
        new(state.Child!, Folder(id).Guest, MachineFolder.Qmp, state.Uid, time, changed);

    /// <summary>Ends a copy that an earlier agent began and left in a running QEMU.</summary>
    public Task EndCopy(QemuVm vm) => copies.Clear(vm);

    private async Task<IVm> StartVm(
        string id, MachineState state, LaunchSpec spec, string specFile, string socket, Action changed, CancellationToken cancel)
    {
        var folder = Folder(id);
        File.Delete(Path.Combine(folder.Guest, socket));
        File.Delete(spec.Output);
        var pid = children.Start(spec, folder.In(specFile));
        try
        {
            var identity = await children.Joined(pid, cgroups.PathOf(id), ToAnswer, cancel);
            var vm = identity is null ? null : new QemuVm(identity, folder.Guest, socket, state.Uid, time, changed);
            if (vm is not null && await vm.Answers(ToAnswer, cancel))
            {
                return vm;
            }

            if (vm is not null)
            {
                await vm.DisposeAsync();
            }

            throw new CommandFailedException($"QEMU did not start: {Children.Tail(spec.Output)}");
        }
        catch
        {
            await cgroups.Kill(id, time);
            throw;
        }
    }

    private async Task<MachineDisk> MakeDisk(string id, MachineState state, CancellationToken cancel)
    {
        var image = state.Spec.Root.Base is { } source ? new BaseImage(source.Sha512, source.Format) : null;
        var wanted = (long)state.Spec.Root.SizeGiB << 30;
        var least = image is null ? 0 : bases.VirtualSize(image);
        if (wanted != 0 && wanted < least)
        {
            throw new InvalidDataException($"The image needs a disk of {(least + (1L << 30) - 1) >> 30} GiB.");
        }

        var disk = new MachineDisk(Math.Max(wanted, least), image);
        File.Delete(Path.Combine(Folder(id).Guest, MachineFolder.Disk));
        await CreateFile(id, state, MachineFolder.Disk, disk, cancel);
        return disk;
    }

    // A disk never shrinks: what its guest wrote there would be lost.
    private async Task<MachineDisk> Grow(string id, MachineState state, MachineDisk disk, CancellationToken cancel)
    {
        var wanted = (long)state.Spec.Root.SizeGiB << 30;
        if (wanted <= disk.Bytes)
        {
            return disk;
        }

        await GrowFile(id, state, MachineFolder.Disk, wanted, cancel);
        return disk with { Bytes = wanted };
    }

    private async Task<IReadOnlyDictionary<string, long>> MakeBlanks(string id, MachineState state, CancellationToken cancel)
    {
        var made = new Dictionary<string, long>(state.Blanks);
        foreach (var blank in state.Spec.Blanks ?? [])
        {
            var (file, bytes) = (MachineFolder.Blank(blank.Name), blank.MiB << 20);
            if (!made.TryGetValue(blank.Name, out var had))
            {
                File.Delete(Path.Combine(Folder(id).Guest, file));
                await CreateFile(id, state, file, new MachineDisk(bytes, null), cancel);
            }
            else if (had < bytes)
            {
                await GrowFile(id, state, file, bytes, cancel);
            }

            made[blank.Name] = Math.Max(had, bytes);
        }

        return made;
    }

    private Task GrowFile(string id, MachineState state, string file, long bytes, CancellationToken cancel) =>
        RunTool(id, state, "grow", QemuArguments.GrowDisk(qemu, file, bytes), cancel);

    private Task CreateFile(string id, MachineState state, string file, MachineDisk disk, CancellationToken cancel) =>
        RunTool(id, state, "create", QemuArguments.CreateDisk(qemu, file, disk), cancel);

    private Task RunTool(string id, MachineState state, string what, IReadOnlyList<string> command, CancellationToken cancel)
    {
        var folder = Folder(id);
        var spec = Confined(id, state with { Disk = null }, folder.In(what + ".log"), command) with { CpuSeconds = ToolCpuSeconds };
        return children.Run(spec, folder.In(what + ".json"), ToCreate, cancel);
    }

    private LaunchSpec Confined(string id, MachineState state, string output, IReadOnlyList<string> command) => new()
    {
        Command = command,
        Directory = Folder(id).Guest,
        Output = output,
        Uid = state.Uid,
        Cgroups = cgroups.Create(id, Limits(state.Spec)),
        Files = state.Disk?.Base is { } image ? [new LaunchFile(bases.PathOf(image.Sha512), QemuArguments.BaseFd)] : [],
    };

    /// <summary>Beside the guest's memory QEMU needs its own, its translated code, and the image's cache while it copies.</summary>
    private static CgroupLimits Limits(MachineSpec spec)
    {
        const long overhead = 384L << 20;
        const int threads = 256;
        var memory = (long)spec.MemoryMiB << 20;
        return new CgroupLimits(memory + Math.Max(overhead, memory / 8), 1024 * spec.Vcpus, threads + spec.Vcpus);
    }

    private static string First(params string[] values) => values.First(value => value.Length > 0);
}
