using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;
using Ciel.Core.Store;

namespace Ciel.Simulation;

/// <summary>What must hold: at every moment, that no machine runs twice; in the calm after the storm, that nothing leaked, nothing doubled and every span closed once.</summary>
internal sealed class SimPromises(Db db, IReadOnlyList<SimulatedAgent> nodes)
{
    private readonly List<string> _broken = [];

    /// <summary>Looks after each arrival at a node.</summary>
    public void Look()
    {
        var twice = Machines(ObjectStates.Running).GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            _broken.Add($"{twice.Key} runs on {string.Join(" and ", twice.Select(r => r.Node))}");
        }
    }

    /// <summary>Looks at the end; what was broken in the whole run.</summary>
    public async Task<IReadOnlyList<string>> Broken()
    {
        var servers = await db.Read(r => r.Query<ServerRow>("SELECT id, status, task_state FROM compute_server WHERE deleted_at IS NULL"));
        await Settled(servers);
        await MachinesMatch(servers);
        await SpansMatch(servers);
        await QuotasMatch(servers.Count);
        return _broken;
    }

    private async Task Settled(List<ServerRow> servers)
    {
        foreach (var server in servers.Where(s => s.TaskState is not null || s.Status is not ("active" or "stopped" or "error")))
        {
            _broken.Add($"server {server.Id} rests as {server.Status} with task {server.TaskState ?? "none"}");
        }

        var busy = await db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM keeper WHERE kind IN ('server', 'network', 'router') AND attempt > 0"));
        if (busy > 0)
        {
            _broken.Add($"{busy} keepers still fail in calm");
        }
    }

    private Task MachinesMatch(List<ServerRow> servers)
    {
        var there = nodes.SelectMany(n => n.Inventory(CancellationToken.None).GetAwaiter().GetResult())
            .Where(r => ObjectName.Kind(r.Name) == "machine").ToLookup(r => ObjectName.Id(r.Name));
        foreach (var server in servers.Where(s => s.Status is "active" or "stopped"))
        {
            var wanted = server.Status == "active" ? ObjectStates.Running : ObjectStates.Stopped;
            if (there[server.Id].Count() != 1 || there[server.Id].Single().State != wanted)
            {
                _broken.Add($"server {server.Id} is {server.Status} but its machines are [{string.Join(", ", there[server.Id].Select(r => r.Node + " " + r.State))}]");
            }
        }

        var known = servers.Where(s => s.Status is "active" or "stopped").Select(s => s.Id).ToHashSet();
        _broken.AddRange(there.Where(g => !known.Contains(g.Key)).Select(g => $"machine {g.Key} has leaked on {g.First().Node}"));
        return Task.CompletedTask;
    }

    private async Task SpansMatch(List<ServerRow> servers)
    {
        var open = await db.Read(r => r.Query<string>("SELECT resource_id FROM usage_span WHERE meter = 'server.running' AND closed_at IS NULL"));
        var active = servers.Where(s => s.Status == "active").Select(s => s.Id).ToHashSet();
        _broken.AddRange(active.Except(open).Select(id => $"server {id} runs unmetered"));
        _broken.AddRange(open.Except(active).Select(id => $"server {id} does not run but is metered"));
        var overlaps = await db.Read(r => r.Scalar<long>(
            """
            SELECT COUNT(*) FROM usage_span a JOIN usage_span b ON a.resource_id = b.resource_id AND a.meter = b.meter AND a.id < b.id
            WHERE a.opened_at < COALESCE(b.closed_at, 9223372036854775807) AND b.opened_at < COALESCE(a.closed_at, 9223372036854775807)
            """));
        if (overlaps > 0)
        {
            _broken.Add($"{overlaps} pairs of spans overlap: something is billed twice");
        }
    }

    private async Task QuotasMatch(int servers)
    {
        var used = await db.Read(r => r.Scalar<long>("SELECT SUM(used) FROM quota WHERE resource = 'compute.instances'"));
        if (used != servers)
        {
            _broken.Add($"{servers} servers hold the quota of {used}");
        }
    }

    private IEnumerable<Report> Machines(string state) => nodes.SelectMany(n => n.Inventory(CancellationToken.None).GetAwaiter().GetResult())
        .Where(r => r.State == state && ObjectName.Kind(r.Name) == "machine");

    private sealed record ServerRow(string Id, string Status, string? TaskState);
}
