using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>The nodes of a program: this host, or simulated ones.</summary>
internal static class NodeMakers
{
    public static IReadOnlyList<NodeMaker> Simulated(int count, TimeProvider time) =>
        [.. Enumerable.Range(1, count).Select(i => (NodeMaker)((controller, _) => Task.FromResult<IAgent>(
            new SimulatedAgent(new SimulatedAgentOptions { Node = $"sim-{i}" }, () => controller, time, SeededChance.New()))))];

    /// <summary>What this host has, for `ciel doctor`.</summary>
    public static Task<IReadOnlyList<NodeFeature>> Detect(TimeProvider time, CancellationToken cancel)
    {
        _ = time;
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<NodeFeature>>([]);
    }

    public static IReadOnlyList<NodeMaker> ThisHost(CielOptions options, TimeProvider time) => Simulated(options.Name.Length > 0 ? 1 : 0, time);
}
