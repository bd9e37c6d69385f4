using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ciel.Agent.Host;

/// <summary>
/// Turns this process into a confined, long-lived child: <c>ciel helper launch SPEC.json</c>. It may enter other namespaces, because
/// exec ends every thread but its own. Whatever fails is written where the child's errors would go, and the exit code is 126.
/// </summary>
internal static class Launcher
{
    public const int Failed = 126;

    public static int Run(string specFile)
    {
        try
        {
            var spec = JsonSerializer.Deserialize(File.ReadAllBytes(specFile), AgentJson.Default.LaunchSpec)!;
            Detach(spec);
            HandDown(spec);
            EnterNetwork(spec);
            Confinement.Apply(spec);
            Exec(spec);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Console.Error.WriteLine($"launch: {e.Message}");
        }

        return Failed;
    }

    private static void Detach(LaunchSpec spec)
    {
        Libc.Checked(Libc.SetSid(), "setsid");
        _ = Libc.Umask(0x3f);
        if (spec.Lock is { } path)
        {
            var fd = Libc.Checked(Libc.Open(path, Libc.OpenReadWrite | Libc.OpenNoFollow, 0), $"open {path}");
            Libc.Checked(Libc.Flock(fd, Libc.LockExclusiveNow), "an earlier child still holds the lock");
            Libc.Checked(Libc.Dup2(fd, LockFd), "dup2");
        }

        foreach (var group in spec.Cgroups)
        {
            File.WriteAllText(Path.Combine(group, "cgroup.procs"), "0");
        }

        Move(Libc.Open("/dev/null", Libc.OpenReadOnly, 0), 0, "/dev/null");
        Move(Libc.Open(spec.Output, Libc.OpenAppendCreate | Libc.OpenNoFollow, 0x180), 1, spec.Output);
        Libc.Checked(Libc.Dup2(1, 2), "dup2");
    }

    private static void HandDown(LaunchSpec spec)
    {
        foreach (var file in spec.Files)
        {
            Move(Libc.Open(file.Path, Libc.OpenReadOnly | Libc.OpenNoFollow, 0), file.Fd, file.Path);
        }

        foreach (var tap in spec.Taps)
        {
            Enter(tap.Namespace);
            Move(Tap.Open(tap.Device), tap.Fd, tap.Device);
        }
    }

    private static void EnterNetwork(LaunchSpec spec)
    {
        if (spec.Namespace is { } name)
        {
            Enter(name);
        }
        else
        {
            Libc.Checked(Libc.Unshare(Libc.CloneNewNet), "unshare");
        }
    }

    private static void Enter(string name)
    {
        var fd = Libc.Checked(Libc.Open("/run/netns/" + name, Libc.OpenReadOnly | Libc.OpenCloseOnExec, 0), $"network namespace {name}");
        Libc.Checked(Libc.SetNs(fd, Libc.CloneNewNet), "setns");
        Libc.Checked(Libc.Close(fd), "close");
    }

    private static void Move(int fd, int to, string what)
    {
        Libc.Checked(fd, what);
        Libc.Checked(Libc.Dup2(fd, to), "dup2");
        if (fd != to)
        {
            Libc.Checked(Libc.Close(fd), "close");
        }
    }

    private static unsafe void Exec(LaunchSpec spec)
    {
        KeepOnly(spec);
        Confinement.DefaultSignals();
        var arguments = Strings(spec.Command);
        var environment = Strings(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C"]);
        fixed (nint* a = arguments)
        fixed (nint* e = environment)
        {
            _ = Libc.Execve(spec.Command[0], a, e);
        }

        throw Libc.Error($"exec {spec.Command[0]}");
    }

    private static void KeepOnly(LaunchSpec spec)
    {
        Libc.Checked(Libc.CloseOnExec(3, uint.MaxValue), "close_range");
        var kept = spec.Taps.Select(tap => tap.Fd).Concat(spec.Files.Select(file => file.Fd));
        foreach (var fd in spec.Lock is null ? kept : kept.Append(LockFd))
        {
            Libc.Checked(Libc.Fcntl(fd, Libc.SetFdFlags, 0), "fcntl");
        }
    }

    private static nint[] Strings(IReadOnlyList<string> values) => [.. values.Select(Marshal.StringToCoTaskMemUTF8), 0];

    /// <summary>High enough to meet no descriptor of the runtime, and below <see cref="LaunchFile.Fd"/> and <see cref="LaunchTap.Fd"/>.</summary>
    private const int LockFd = 99;
}
