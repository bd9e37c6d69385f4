using System.Globalization;

namespace Ciel.Agent.Host;

/// <summary>What a control group allows.</summary>
internal sealed record CgroupLimits(long MemoryBytes, int CpuShares, int Processes);

/// <summary>
/// Control groups of an instance, one for each child: <c>…/ciel-INSTANCE/NAME</c> in every hierarchy that matters, version 1 or 2. A
/// group is also the surest list of what a launch has started.
/// </summary>
internal sealed class Cgroups(string instance, IReadOnlyList<CgroupHierarchy> hierarchies)
{
    private const int Looks = 500;
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(20);
    private readonly Lock parents = new();

    /// <summary>The group's path below each hierarchy, as <c>/proc/PID/cgroup</c> shows it.</summary>
    public string PathOf(string name) => $"/ciel-{instance}/{name}";

    /// <summary>Makes the group with its limits and answers the directories to join.</summary>
    public IReadOnlyList<string> Create(string name, CgroupLimits limits)
    {
        lock (parents)
        {
            foreach (var hierarchy in hierarchies)
            {
                hierarchy.Create($"ciel-{instance}", name, limits);
            }
        }

        return [.. hierarchies.Select(hierarchy => hierarchy.Mount + PathOf(name))];
    }

    /// <summary>The processes of the group.</summary>
    public IReadOnlyList<ChildIdentity> Members(string name) =>
    [
        .. hierarchies
            .Select(hierarchy => Files.TryReadText(hierarchy.Mount + PathOf(name) + "/cgroup.procs"))
            .SelectMany(text => (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Distinct()
            .Select(pid => ChildIdentity.Of(int.Parse(pid, CultureInfo.InvariantCulture), PathOf(name)))
            .OfType<ChildIdentity>(),
    ];

    /// <summary>The groups that exist.</summary>
    public IReadOnlyList<string> Names() =>
    [
        .. hierarchies
            .Select(hierarchy => $"{hierarchy.Mount}/ciel-{instance}")
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Select(path => Path.GetFileName(path)!)
            .Distinct(),
    ];

    /// <summary>Kills all in the group and waits until they are gone.</summary>
    /// <exception cref="IOException">Something in it would not die within 10 s.</exception>
    public async Task Kill(string name, TimeProvider time)
    {
        for (var i = 0; i < Looks; i++)
        {
            var members = Members(name);
            if (members.Count == 0)
            {
                return;
            }

            foreach (var member in members)
            {
                member.Signal(Libc.SigKill);
            }

            await Task.Delay(Blink, time);
        }

        throw new IOException($"the processes of {PathOf(name)} would not die");
    }

    /// <summary>Kills all in the group and removes it.</summary>
    public async Task Remove(string name, TimeProvider time)
    {
        await Kill(name, time);
        for (var i = 0; !TryRemove(name); i++)
        {
            // A killed process leaves its group only once it is reaped.
            if (i == Looks)
            {
                throw new IOException($"{PathOf(name)} stays busy");
            }

            await Task.Delay(Blink, time);
        }
    }

    private bool TryRemove(string name)
    {
        lock (parents)
        {
            var gone = true;
            foreach (var hierarchy in hierarchies)
            {
                gone &= CgroupHierarchy.TryRemove(hierarchy.Mount + PathOf(name));
                var parent = $"{hierarchy.Mount}/ciel-{instance}";
                if (Directory.Exists(parent) && !Directory.EnumerateDirectories(parent).Any())
                {
                    CgroupHierarchy.TryRemove(parent);
                }
            }

            return gone;
        }
    }
}
