using System.Globalization;
using System.Reflection;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent;

/// <summary>Finds out what the node is and has.</summary>
internal static class NodeSurvey
{
    /// <summary>Kept back for the host itself and for Ciel.</summary>
    private const int ReservedMiB = 1024;

    public static async Task<NodeFacts> Take(AgentOptions options, IReadOnlyList<IDriver> drivers, CancellationToken cancel)
    {
        var features = new List<NodeFeature>();
        foreach (var driver in drivers)
        {
            features.AddRange(await driver.Detect(cancel));
        }

        return new NodeFacts(
            options.Node,
            Environment.MachineName,
            Environment.ProcessorCount,
            Math.Max(0, MemoryMiB(Files.TryReadText("/proc/meminfo") ?? "") - ReservedMiB),
            (int)(new DriveInfo(options.Data).TotalSize >> 30),
            features.Any(feature => feature is { Name: "kvm", Present: true }) ? "kvm" : "tcg",
            typeof(NodeSurvey).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            features,
            HostBoot.AtMicros(),
            HostBoot.Load());
    }

    private static int MemoryMiB(string memInfo)
    {
        var line = memInfo.Split('\n').FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) ?? "0 0";
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
