using System.Collections.Concurrent;
using Ciel.Agent.Contract;
using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Services.Nodes;

/// <summary>The controller's side of the agents: calls with fences, reports into rows, and the questions that agents ask.</summary>
internal sealed class NodeService(Db db, KeeperBook keepers, Ids ids, TimeProvider time, IServiceProvider parts) : INodes, INodeChannels, IController
{
    // The contract promises an answer within 5 s; what has not come by then counts as lost.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);
    private readonly ConcurrentDictionary<string, IAgent> _channels = new();

    public async Task Attach(IAgent agent, CancellationToken cancel)
    {
        var facts = await agent.Facts(cancel);
        await db.Write(tx => NodeStore.SaveNode(tx, ids.Uuid(), facts), cancel);
        _channels[facts.Name] = agent;
        await Report(await agent.Inventory(cancel), cancel);
    }

    public Task<Report> Ensure(Turn turn, string node, string name, long generation, ObjectSpec spec) =>
        Ask(turn, node, (agent, cancel) => agent.Ensure(new EnsureRequest(name, FenceOf(turn, generation), spec), cancel));

    public Task<Report> Absent(Turn turn, string node, string name, long generation) =>
        Ask(turn, node, (agent, cancel) => agent.Absent(new AbsentRequest(name, FenceOf(turn, generation)), cancel));

    public Task<Stream> Open(string node, string name, string stream, CancellationToken cancel) => Channel(node).Open(name, stream, cancel);

    public Task<Report?> Observed(Reader reader, string node, string name) => NodeStore.Observed(reader, node, name);

    public async Task<NodeFacts?> Facts(string node, CancellationToken cancel)
    {
        try
        {
            return await Channel(node).Facts(cancel).WaitAsync(Patience, time, cancel);
        }
        catch (Exception e) when (e is TimeoutException or IOException or NodeUnreachableException or AgentRefusedException)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<NodeInfo>> List(Reader reader) =>
        [.. (await NodeStore.Nodes(reader)).Select(n => n.ToInfo(_channels.ContainsKey(n.Name)))];

    public Task Report(IReadOnlyList<Report> reports, CancellationToken cancel) => reports.Count == 0 ? Task.CompletedTask : db.Write(
        async tx =>
        {
            foreach (var report in reports)
            {
                await NodeStore.Save(tx, report, OnOurClock(report, tx.Now));
                await keepers.Wake(tx, ObjectName.Id(report.Name));
            }
        },
        cancel);

    public Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) =>
        parts.GetRequiredService<IGuestMetadata>().Answer(question, cancel);

    public Task<Stream> Fetch(string ticket, CancellationToken cancel) => parts.GetRequiredService<IBlobTickets>().Fetch(ticket, cancel);

    public Task Store(string ticket, Stream content, CancellationToken cancel) => parts.GetRequiredService<IBlobTickets>().Store(ticket, content, cancel);

    private async Task<Report> Ask(Turn turn, string node, Func<IAgent, CancellationToken, Task<Report>> call)
    {
        var agent = Channel(node);
        Report report;
        try
        {
            report = await call(agent, turn.Cancel).WaitAsync(Patience, time, turn.Cancel);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            throw new NodeUnreachableException($"Node {node} did not answer.", e);
        }

        await db.Write(tx => NodeStore.Save(tx, report, OnOurClock(report, tx.Now)), turn.Cancel);
        return report;
    }

    private IAgent Channel(string node) => _channels.TryGetValue(node, out var agent)
        ? agent
        : throw new NodeUnreachableException($"Node {node} is not connected.");

    private static Fence FenceOf(Turn turn, long generation) => new(turn.Epoch, generation, turn.Row.LeaseNo, turn.NextCall());

    // A node in this process shares this process's clock, which may differ from the database's.
    private long OnOurClock(Report report, long now)
    {
        // By whole ticks: TotalMicroseconds divides them as a double, which holds not every one.
        var here = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return Math.Min(now, report.SinceMicros + (now - here));
    }
}
