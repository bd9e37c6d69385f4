using Ciel.Agent;
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
    public static async Task<IReadOnlyList<NodeFeature>> Detect(CielOptions options, TimeProvider time, CancellationToken cancel)
    {
        Directory.CreateDirectory(NodeOf(options).Data);
        return (await Agent.Agent.Survey(NodeOf(options), time, cancel)).Features;
    }

    /// <summary>This host, spoken to in the same serialised messages as a host elsewhere.</summary>
    public static IReadOnlyList<NodeMaker> ThisHost(CielOptions options, TimeProvider time) =>
    [
        async (controller, cancel) =>
        {
            Directory.CreateDirectory(NodeOf(options).Data);
            var agent = Agent.Agent.OnThisHost(NodeOf(options), new SerializedController(controller), time);
            await agent.StartAsync(cancel);
            return new SerializedAgent(agent);
        },
    ];

    private static AgentOptions NodeOf(CielOptions options) => new()
    {
        Instance = options.Name,
        Node = Environment.MachineName + (options.Name == "ciel" ? "" : "-" + options.Name),
        Data = Path.Combine(options.Data, "node"),
        Self = Environment.ProcessPath!,
    };
}
