using System.Globalization;

namespace Ciel.Agent.Host;

/// <summary>One mounted control group hierarchy.</summary>
/// <param name="Mount">Where it is mounted.</param>
/// <param name="Version">1 or 2.</param>
/// <param name="Controllers">Those that we use of it: memory, cpu, pids; none for a hierarchy that only groups.</param>
internal sealed record CgroupHierarchy(string Mount, int Version, IReadOnlyList<string> Controllers)
{
    private static readonly string[] Used = ["memory", "cpu", "pids"];

    /// <summary>The hierarchies that this host has and that children join.</summary>
    public static IReadOnlyList<CgroupHierarchy> OnThisHost() => Parse(File.ReadAllText("/proc/self/mounts"), Files.TryReadText);

    /// <summary>Reads them from a mount table.</summary>
    public static IReadOnlyList<CgroupHierarchy> Parse(string mounts, Func<string, string?> read)
    {
        var found = new List<CgroupHierarchy>();
        foreach (var fields in mounts.Split('\n').Select(line => line.Split(' ')).Where(fields => fields.Length > 3))
        {
            var options = fields[3].Split(',');
            var controllers = fields[2] == "cgroup2"
                ? (read(fields[1] + "/cgroup.controllers") ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
                : options;

            // The service manager's own hierarchy is joined too: it kills by it when it stops the agent, and machines must stay.
            if (fields[2] == "cgroup2" || (fields[2] == "cgroup" && (Used.Intersect(options).Any() || options.Contains("name=systemd"))))
            {
                found.Add(new CgroupHierarchy(fields[1], fields[2] == "cgroup2" ? 2 : 1, [.. Used.Intersect(controllers)]));
            }
        }

        return found;
    }

    /// <summary>Makes a group two levels below the root, with its limits.</summary>
    public void Create(string parent, string name, CgroupLimits limits)
    {
        var path = $"{Mount}/{parent}/{name}";
        Directory.CreateDirectory($"{Mount}/{parent}");
        if (Version == 2 && Controllers.Count > 0)
        {
            var enable = string.Join(' ', Controllers.Select(controller => "+" + controller));
            File.WriteAllText($"{Mount}/cgroup.subtree_control", enable);
            File.WriteAllText($"{Mount}/{parent}/cgroup.subtree_control", enable);
        }

        Directory.CreateDirectory(path);
        foreach (var (file, value) in Controllers.Select(controller => Limit(controller, limits)))
        {
            File.WriteAllText($"{path}/{file}", value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Removes an empty group; false while something is in it.</summary>
    public static bool TryRemove(string path)
    {
        try
        {
            Directory.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private (string File, long Value) Limit(string controller, CgroupLimits limits) => (controller, Version) switch
    {
        ("memory", 1) => ("memory.limit_in_bytes", limits.MemoryBytes),
        ("memory", _) => ("memory.max", limits.MemoryBytes),
        ("cpu", 1) => ("cpu.shares", limits.CpuShares),
        ("cpu", _) => ("cpu.weight", Math.Clamp(limits.CpuShares * 100L / 1024, 1, 10_000)),
        _ => ("pids.max", limits.Processes),
    };
}
