using System.Globalization;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>
/// One network's DHCP and DNS: a dnsmasq that detaches itself and outlives the agent. It is known by its pid and start time.
/// </summary>
/// <param name="ns">The network's namespace.</param>
/// <param name="directory">The network's own directory.</param>
/// <param name="time">Bounds the waiting for its end.</param>
internal sealed class Dnsmasq(string ns, string directory, TimeProvider time)
{
    private const int HangUp = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly DnsmasqUser user = DnsmasqUser.OfHost();

    private string ConfigPath => Path.Combine(directory, "dnsmasq.conf");

    private string IdentityPath => Path.Combine(directory, "dnsmasq.identity");

    /// <summary>Brings it in line with the network: starts, restarts, has it read its files again, or stops it.</summary>
    public async Task Ensure(NetworkSpec spec, CancellationToken cancel)
    {
        if (DnsmasqFiles.Render(spec, directory, user) is not { } files)
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

    /// <summary>Starts it again if it should run and has died; answers whether it did.</summary>
    public async Task<bool> Revive(CancellationToken cancel)
    {
        if (!File.Exists(IdentityPath) || Running() is not null)
        {
            return false;
        }

        await Start(cancel);
        return true;
    }

    /// <summary>Ends it and waits until it is gone: it would hold the namespace.</summary>
    public async Task Stop(CancellationToken cancel)
    {
        if (!File.Exists(IdentityPath))
        {
            return;
        }

        var running = Running();
        running?.Signal(Libc.SigKill);
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        while (running is not null && running.IsAlive())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, either.Token);
        }

        File.Delete(IdentityPath);
    }

    /// <summary>
    /// Starts it without leases: all its addresses are fixed, and it would keep an address that has a new owner for the old one.
    /// </summary>
    private async Task Start(CancellationToken cancel)
    {
        File.Delete(Path.Combine(directory, "leases"));
        await Command.Run("ip", ["netns", "exec", ns, "dnsmasq", $"--conf-file={ConfigPath}"], cancel);
        var pid = int.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "dnsmasq.pid"), cancel), CultureInfo.InvariantCulture);
        if (ChildIdentity.Of(pid, "") is { } started)
        {
            var identity = string.Create(CultureInfo.InvariantCulture, $"{started.Pid} {started.StartTicks}");
            await File.WriteAllTextAsync(IdentityPath, identity, cancel);
        }
    }

    private ChildIdentity? Running()
    {
        if (!File.Exists(IdentityPath))
        {
            return null;
        }

        var words = File.ReadAllText(IdentityPath).Split(' ');
        var (pid, start) = (int.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
        var identity = new ChildIdentity(pid, start, "");
        return identity.IsAlive() ? identity : null;
    }

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
        Libc.Checked(Libc.Chown(path, 0, user.GroupId), path);
        File.SetUnixFileMode(path, mode);
    }

    private static bool Same(string path, string text) => File.Exists(path) && File.ReadAllText(path) == text;
}
