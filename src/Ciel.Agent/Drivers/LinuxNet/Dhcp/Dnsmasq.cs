using System.Globalization;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>
/// One network's DHCP and DNS, or a router's advertisements: a dnsmasq that detaches itself and outlives the agent. It is known by the pid that it writes down itself and
/// the configuration that it was started with, so that an agent finds it, too, whose predecessor was killed while starting it.
/// </summary>
/// <param name="ns">The namespace.</param>
/// <param name="directory">The object's own directory.</param>
/// <param name="groups">It runs in a control group of its own, which bears the namespace's name: no guest's questions take the host's memory.</param>
/// <param name="time">Bounds the waiting for its end.</param>
internal sealed class Dnsmasq(string ns, string directory, Cgroups groups, TimeProvider time)
{
    private const int HangUp = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly CgroupLimits Limits = new(MemoryBytes: 64L << 20, CpuShares: 256, Processes: 16);

    // It joins before it becomes dnsmasq, which detaches itself and would be found only later.
    private const string JoinAndStart = "ns=$1 conf=$2; shift 2; for group; do echo $$ >\"$group/cgroup.procs\" || exit; done; exec ip netns exec \"$ns\" dnsmasq \"$conf\"";

    /// <summary>As whom it runs.</summary>
    public DnsmasqUser User { get; } = DnsmasqUser.OfHost();

    private string ConfigPath => Path.Combine(directory, "dnsmasq.conf");

    private string Argument => $"--conf-file={ConfigPath}";

    private string PidPath => Path.Combine(directory, "dnsmasq.pid");

    /// <summary>Brings it in line with what it is to read: starts, restarts, has it read its files again, or stops it when there are none.</summary>
    public async Task Ensure(DnsmasqFiles? files, CancellationToken cancel)
    {
        if (files is null)
        {
            await Stop(cancel);
            return;
        }

        var running = Running();
        if (running is null || !Same(ConfigPath, files.Config) || files.TakesBack(ReadHosts()))
        {
            await Stop(cancel);
            Write(files);
            await Start(cancel);
        }
        else if (Write(files))
        {
            running.Signal(HangUp);
        }
    }

    /// <summary>Starts it again, and says so, if it should run and has died.</summary>
    public async Task Revive(CancellationToken cancel)
    {
        if (Ip.Exists(ns) && File.Exists(ConfigPath) && Running() is null)
        {
            await Start(cancel);
            await Console.Error.WriteLineAsync($"agent: dnsmasq of {ns} had died and runs again");
        }
    }

    /// <summary>Ends it and waits until it is gone: it would hold the namespace.</summary>
    public async Task Stop(CancellationToken cancel)
    {
        var running = Running();
        running?.Signal(Libc.SigKill);
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        while (running is not null && running.IsAlive())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, either.Token);
        }

        await groups.Remove(ns, time);
        if (Directory.Exists(directory))
        {
            File.Delete(ConfigPath);
            File.Delete(PidPath);
        }
    }

    /// <summary>
    /// Starts it without leases: all its addresses are fixed, and it would keep an address that has a new owner for the old one.
    /// </summary>
    private async Task Start(CancellationToken cancel)
    {
        File.Delete(Path.Combine(directory, "leases"));
        await Command.Run("sh", ["-c", JoinAndStart, "sh", ns, Argument, .. groups.Create(ns, Limits)], cancel);
    }

    private ChildIdentity? Running() =>
        int.TryParse(Files.TryReadText(PidPath), CultureInfo.InvariantCulture, out var pid)
        && ChildIdentity.Of(pid, "") is { } process
        && Files.TryReadText($"/proc/{pid}/cmdline") is { } line
        && line.Split('\0').Contains(Argument)
            ? process
            : null;

    private string ReadHosts() => Files.TryReadText(Path.Combine(directory, "hosts")) ?? "";

    /// <summary>Writes what has changed; answers whether anything had.</summary>
    private bool Write(DnsmasqFiles files)
    {
        // It reads its files again as its own user.
        GiveToGroup(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        var changed = false;
        (string, string)[] all = [("dnsmasq.conf", files.Config), ("hosts", files.Hosts), ("options", files.Options), ("names", files.Names)];
        foreach (var (name, text) in all)
        {
            var path = Path.Combine(directory, name);
            if (!Same(path, text))
            {
                File.WriteAllText(path, text);
                GiveToGroup(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
                changed = true;
            }
        }

        return changed;
    }

    private void GiveToGroup(string path, UnixFileMode mode)
    {
        Libc.Checked(Libc.Chown(path, 0, User.GroupId), path);
        File.SetUnixFileMode(path, mode);
    }

    private static bool Same(string path, string text) => File.Exists(path) && File.ReadAllText(path) == text;
}
