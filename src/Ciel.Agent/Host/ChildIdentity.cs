using System.Globalization;

namespace Ciel.Agent.Host;

/// <summary>
/// Who a child is, so that a reused pid is never taken for it: its pid, when it started (clock ticks since the host's start), and the
/// name of the control group it was put into.
/// </summary>
internal sealed record ChildIdentity(int Pid, long StartTicks, string Group)
{
    /// <summary>The process of a pid if it is alive and in the group; null otherwise.</summary>
    public static ChildIdentity? Of(int pid, string group)
    {
        var identity = new ChildIdentity(pid, 0, group);
        return identity.ReadStart() is { } start && identity.IsInGroup() ? identity with { StartTicks = start } : null;
    }

    /// <summary>Whether this very process still runs; one that nobody has reaped yet does not.</summary>
    public bool IsAlive() => ReadStart() == StartTicks && IsInGroup();

    /// <summary>Sends a signal to this very process; does nothing when it is gone.</summary>
    public void Signal(int signal)
    {
        var fd = Libc.PidFdOpen(Pid);
        if (fd < 0)
        {
            return;
        }

        // Asked again now: from here on the handle means the process that answers, whatever becomes of its pid.
        if (IsAlive())
        {
            _ = Libc.PidFdSendSignal(fd, signal);
        }

        _ = Libc.Close(fd);
    }

    private long? ReadStart()
    {
        if (Files.TryReadText($"/proc/{Pid}/stat") is not { } stat)
        {
            return null;
        }

        // The command in parentheses may hold anything; the fields after its last parenthesis are plain.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
    }

    private bool IsInGroup() =>
        Files.TryReadText($"/proc/{Pid}/cgroup") is { } groups
        && groups.Split('\n').Any(line => line.EndsWith(Group, StringComparison.Ordinal));
}
