using System.Globalization;
using Ciel.Agent.Host;

namespace Ciel.Live.FirstLight;

/// <summary>What an instance has running on the host, found without asking it.</summary>
internal static class HostProcesses
{
    /// <summary>The QEMU processes whose working directory lies in the instance's data.</summary>
    public static IReadOnlyList<(int Pid, string CommandLine)> Machines(LiveCloud cloud) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture))
            .Where(pid => Where(pid).StartsWith(cloud.Data, StringComparison.Ordinal)).Select(pid => (pid, CommandLine(pid))).Where(p => p.Item2.Contains("qemu-system", StringComparison.Ordinal))];

    /// <summary>Ends what a test that failed has left: its machines by their control groups, its namespaces by their name.</summary>
    public static async Task Clear(string instance)
    {
        var deep = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 };
        var groups = new[] { "ciel-" + instance, $"ciel-{instance}-net" }.SelectMany(name => Directory.GetDirectories("/sys/fs/cgroup", name, deep));
        foreach (var pid in groups.SelectMany(g => Directory.GetFiles(g, "cgroup.procs", SearchOption.AllDirectories)).SelectMany(File.ReadAllLines).Distinct())
        {
            await Command.Try("kill", ["-9", pid], CancellationToken.None);
        }

        foreach (var path in Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns", instance + "-*") : [])
        {
            await Command.Try("ip", ["netns", "del", Path.GetFileName(path)], CancellationToken.None);
        }
    }

    private static string Where(int pid)
    {
        try
        {
            return new DirectoryInfo($"/proc/{pid}/cwd").ResolveLinkTarget(false)?.FullName ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended between the listing and the look, or is nobody's to look into.
            return "";
        }
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            // As above.
            return "";
        }
    }
}
