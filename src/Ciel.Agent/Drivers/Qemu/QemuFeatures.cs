using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>Looks for what machines stand on, and says what follows.</summary>
internal static class QemuFeatures
{
    public static async Task<IReadOnlyList<NodeFeature>> Find(
        QemuInstall? qemu, KvmVerdict? kvm, IReadOnlyList<CgroupHierarchy> hierarchies, TimeProvider time, CancellationToken cancel) =>
    [
        qemu is null
            ? new NodeFeature("qemu", false, "QEMU is not installed: no machine can run here (Debian: qemu-system-x86, qemu-utils).")
            : new NodeFeature("qemu", true, $"QEMU {qemu.Version}; new machines are {qemu.MachineType}."),
        new NodeFeature("kvm", kvm is { Works: true }, kvm?.Detail ?? "Without QEMU it was not tried."),
        new NodeFeature("seccomp", qemu is { Sandbox: true }, qemu is { Sandbox: true }
            ? "QEMU denies itself what machines never need: new processes, privileges, resource control."
            : "QEMU was built without its sandbox: a machine that takes over its QEMU has more system calls to try."),
        Cgroup(hierarchies),
        Tun(),
        PidFd(),
        await Reaper(time, cancel),
    ];

    private static NodeFeature Cgroup(IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        var limiting = hierarchies.Where(hierarchy => hierarchy.Controllers.Count > 0).ToArray();
        var controllers = limiting.SelectMany(hierarchy => hierarchy.Controllers).Distinct().Order(StringComparer.Ordinal).ToArray();
        return limiting.Length == 0
            ? new NodeFeature("cgroup", false, "No control group hierarchy limits anything: a machine may take the whole host.")
            : new NodeFeature("cgroup", true, $"Version {limiting[0].Version}; limits {string.Join(", ", controllers)}.");
    }

    private static NodeFeature Tun()
    {
        var fd = Libc.Open("/dev/net/tun", Libc.OpenReadWrite | Libc.OpenCloseOnExec, 0);
        _ = fd >= 0 ? Libc.Close(fd) : 0;
        return new NodeFeature("tun", fd >= 0, fd >= 0
            ? "Machines can have network interfaces."
            : "/dev/net/tun cannot be opened: machines can have no network interface.");
    }

    private static NodeFeature PidFd()
    {
        var fd = Libc.PidFdOpen(Environment.ProcessId);
        _ = fd >= 0 ? Libc.Close(fd) : 0;
        return new NodeFeature("pidfd", fd >= 0, fd >= 0
            ? "Signals reach the process that was meant, also when its id was given to another."
            : "The kernel is older than 5.3: machines cannot be ended by force.");
    }

    /// <summary>Machines outlive the agent, so process 1 inherits them.</summary>
    private static async Task<NodeFeature> Reaper(TimeProvider time, CancellationToken cancel)
    {
        var pid = (await Command.Run("/bin/sh", ["-c", "sleep 0.05 >/dev/null & echo $!"], cancel)).Trim();
        for (var i = 0; i < 300 && Directory.Exists("/proc/" + pid); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancel);
        }

        var gone = !Directory.Exists("/proc/" + pid);
        return new NodeFeature("reaper", gone, gone
            ? "Process 1 reaps orphans: a machine that ended leaves nothing behind."
            : "Process 1 does not reap orphans in time: a machine that ended after its agent stays in the process table.");
    }
}
