using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// Finds the machines of an earlier agent by its files, and removes halves: whatever runs in a machine's control group and is not
/// the QEMU that its state names was launched but never let run, or was a tool at work.
/// </summary>
internal sealed class Adoption(QemuHost host, string directory, Cgroups cgroups, Uids uids, TimeProvider time)
{
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(3);

    /// <summary>The machines, each with the way to take over its QEMU if that still runs.</summary>
    public async Task<IReadOnlyList<(string Id, MachineState State, Func<Action, IVm>? Vm)>> Find()
    {
        var found = new List<(string, MachineState, Func<Action, IVm>?)>();
        foreach (var id in Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path)!))
        {
            if (Files.ReadJson(host.Folder(id).State, AgentJson.Default.MachineState) is { } state)
            {
                uids.Claim(state.Uid);
                found.Add(await TakeOver(id, state));
            }
            else
            {
                await cgroups.Remove(id, time);
                host.Folder(id).Remove();
            }
        }

        foreach (var orphan in cgroups.Names().Where(name => !found.Exists(machine => machine.Item1 == name)))
        {
            await cgroups.Remove(orphan, time);
        }

        return found;
    }

    private async Task<(string Id, MachineState State, Func<Action, IVm>? Vm)> TakeOver(string id, MachineState state)
    {
        var alive = state.HostBoot == HostBoot.Id() && state.Child is { } child && child.IsAlive();
        foreach (var member in cgroups.Members(id).Where(member => !alive || member.Pid != state.Child!.Pid))
        {
            member.Signal(Libc.SigKill);
        }

        foreach (var half in Halves(id, state))
        {
            File.Delete(half);
        }

        if (alive)
        {
            return (id, state, await Attach(id, state));
        }

        await cgroups.Kill(id, time);
        if (state.Child is not null)
        {
            var reason = state.HostBoot == HostBoot.Id() ? Deeds.StopReason(state, VmStatus.Gone) : StopReasons.Lost;
            state = state with { Child = null, StopReason = reason };
            host.Save(id, state);
        }

        return (id, state, null);
    }

    /// <summary>Waits a little for the answer, so that the first report is already the truth.</summary>
    private async Task<Func<Action, IVm>> Attach(string id, MachineState state)
    {
        Action? changed = null;
        var vm = host.Find(id, state, () => changed?.Invoke());
        if (await vm.Answers(ToAnswer, CancellationToken.None))
        {
            await host.EndCopy(vm);
        }

        return wake =>
        {
            changed = wake;
            return vm;
        };
    }

    private IEnumerable<string> Halves(string id, MachineState state)
    {
        var guest = host.Folder(id).Guest;
        return !Directory.Exists(guest) ? []
            : Directory.EnumerateFiles(guest, "copy-*.qcow2")
                .Concat(state.Disk is null ? Directory.EnumerateFiles(guest, MachineFolder.Disk) : []);
    }
}
