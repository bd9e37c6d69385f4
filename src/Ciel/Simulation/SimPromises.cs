using System.Globalization;
using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.Compute;

namespace Ciel.Simulation;

/// <summary>
/// What must hold: at every moment, that no machine runs twice and no tenant has more than its quota; in the calm after the storm, that nothing leaked, nothing doubled and
/// every span closed once and lies where its machine ran; and when the tenants have gone, that nothing of theirs is left. Asked at the doors, as an admin would.
/// </summary>
internal sealed class SimPromises(Db db, IReadOnlyList<SimulatedAgent> nodes)
{
    private static readonly string[] AtRest = ["active", "stopped", "error"];
    private readonly SortedSet<string> _broken = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Broken => [.. _broken];

    /// <summary>How many times a server ran: promises about none would be easily kept.</summary>
    public long Runs { get; private set; }

    /// <summary>When machines ran.</summary>
    public MachineLog Machines { get; } = new();

    /// <summary>Looks after each arrival at a node.</summary>
    public void Look(Report report)
    {
        Machines.Note(report);
        foreach (var twice in Things("machine").Where(r => r.State == ObjectStates.Running).GroupBy(r => r.Name).Where(g => g.Count() > 1))
        {
            _broken.Add($"{twice.Key} runs on {string.Join(" and ", twice.Select(r => r.Node))}");
        }
    }

    /// <summary>Looks at how many servers a tenant ever had at once.</summary>
    public void Held(long servers, long quota) => Break(servers > quota ? [$"a tenant had {servers} servers with a quota of {quota}"] : []);

    /// <summary>Looks in the calm.</summary>
    public async Task<bool> LookInCalm(SimController controller, SimGround ground)
    {
        var servers = (await controller.Send("GET", "/compute/v2.1/servers/detail?all_tenants=1", ground.Admin)).Good().GetProperty("servers")
            .EnumerateArray().Select(ServerOf).ToList();
        Settled(servers);
        MachinesMatch(servers);
        await PartsMatch(controller, ground);
        await PortsMatch(controller, ground, servers);
        await SpansMatch(servers);
        await QuotasMatch(controller, ground, servers);
        var failing = await db.Read(r => r.Query<string>("SELECT kind || ' ' || id || ' at ' || step || ': ' || last_error FROM keeper WHERE attempt > 0"));
        Break(failing.Select(f => "still fails in calm: " + f));
        return true;
    }

    /// <summary>Looks when the tenants have deleted all that they had.</summary>
    public async Task<bool> LookWhenEmpty(SimGround ground)
    {
        Break(nodes.SelectMany(Inventory).Where(r => r.Name != ObjectName.Network(ground.Public)).Select(r => $"{r.Name} is left on {r.Node} ({r.State})"));
        var open = await db.Read(r => UsageReport.Spans(r, null));
        var theirs = ground.Tenants.Select(t => t.Project).ToHashSet();
        Break(open.Where(s => s.ClosedAt is null && theirs.Contains(s.ProjectId)).Select(s => $"{s.Meter} of {s.ResourceId} is still metered"));
        foreach (var tenant in ground.Tenants)
        {
            var used = await db.Read(r => r.Query<(string Resource, long Used)>(
                "SELECT resource, used FROM quota WHERE project_id = @Project AND used <> 0 AND resource NOT LIKE 'network.security%'", new { tenant.Project }));
            Break(used.Select(u => $"nothing holds {u.Used} of {u.Resource}"));
        }

        return true;
    }

    private void Settled(List<Server> servers)
    {
        Break(servers.Where(s => s.Task is not null || !AtRest.Contains(s.State)).Select(s => $"server {s.Id} rests as {s.State} with task {s.Task ?? "none"}"));
        Break(servers.Where(s => s.State == "error" && !s.Explained).Select(s => $"server {s.Id} is in error for no reason"));
    }

    private void MachinesMatch(List<Server> servers)
    {
        var there = Things("machine").ToLookup(r => ObjectName.Id(r.Name));
        foreach (var server in servers)
        {
            var machines = there[server.Id].ToList();
            var good = server.State switch
            {
                "active" => machines is [{ State: ObjectStates.Running }],
                "stopped" => machines is [{ State: ObjectStates.Stopped }],
                _ => server.Host is null ? machines.Count == 0 : machines.All(m => m.State != ObjectStates.Running),
            };
            if (!good || machines.Any(m => m.Node != server.Host))
            {
                _broken.Add($"server {server.Id} is {server.State} on {server.Host ?? "no node"}, its machines are [{string.Join(", ", machines.Select(r => r.Node + " " + r.State))}]");
            }
        }

        var known = servers.Select(s => s.Id).ToHashSet();
        Break(there.Where(g => !known.Contains(g.Key)).Select(g => $"machine {g.Key} has leaked on {g.First().Node}"));
    }

    private async Task PartsMatch(SimController controller, SimGround ground)
    {
        foreach (var kind in (string[])["network", "router"])
        {
            var known = (await controller.Send("GET", $"/network/v2.0/{kind}s", ground.Admin)).Good().GetProperty(kind + "s")
                .EnumerateArray().Select(n => n.GetProperty("id").GetString()!).ToHashSet();
            Break(Things(kind).Where(t => !known.Contains(ObjectName.Id(t.Name))).Select(t => $"{t.Name} has leaked on {t.Node}"));
            Break(Things(kind).Where(t => t.State != ObjectStates.Ready).Select(t => $"{t.Name} is {t.State} on {t.Node}"));
        }

        Break(Things("router").GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => $"{g.Key} is on {g.Count()} nodes"));
    }

    private async Task PortsMatch(SimController controller, SimGround ground, List<Server> servers)
    {
        var ports = (await controller.Send("GET", "/network/v2.0/ports", ground.Admin)).Good().GetProperty("ports").EnumerateArray().ToList();
        var ofServers = ports.Where(p => p.GetProperty("device_owner").GetString()!.StartsWith("compute:", StringComparison.Ordinal))
            .ToLookup(p => p.GetProperty("device_id").GetString()!);
        Break(servers.Where(s => s.State != "error" && ofServers[s.Id].Count() != 1).Select(s => $"server {s.Id} has {ofServers[s.Id].Count()} ports"));
        var known = servers.Where(s => s.State != "error" || s.Host is not null).Select(s => s.Id).ToHashSet();
        Break(ofServers.Where(g => !known.Contains(g.Key)).Select(g => $"the port of server {g.Key} has leaked"));
        Break(ports.Where(p => p.GetProperty("device_id").GetString()!.Length > 0 && p.GetProperty("status").GetString() != "ACTIVE")
            .Select(p => $"port {p.GetProperty("id")} of {p.GetProperty("device_owner")} is {p.GetProperty("status")}"));
    }

    private async Task SpansMatch(List<Server> servers)
    {
        var spans = await db.Read(r => UsageReport.Spans(r, null));
        Runs = spans.Count(s => s.Meter == ComputeMeters.Running);
        Compare(ComputeMeters.Running, servers.Where(s => s.State == "active"));
        Compare(ComputeMeters.Allocated, servers.Where(s => s.Launched));
        // An accepted delete ends both meters, also where the node has yet to say that the machine had stopped before.
        var deletes = spans.Where(s => s is { Meter: ComputeMeters.Allocated, ClosedAt: not null }).Select(s => (s.ResourceId, s.ClosedAt)).ToHashSet();
        Break(spans.Where(s => s.Meter == ComputeMeters.Running)
            .Where(s => !Machines.Ran(s.ResourceId, s.OpenedAt, deletes.Contains((s.ResourceId, s.ClosedAt)) ? s.OpenedAt : s.ClosedAt))
            .Select(s => $"server {s.ResourceId} is billed from {s.OpenedAt} to {s.ClosedAt?.ToString(CultureInfo.InvariantCulture) ?? "now"} but did not run so"));
        Break(spans.Where(s => s.ClosedAt < s.OpenedAt).Select(s => $"a span of {s.ResourceId} ends before it begins"));
        foreach (var line in spans.GroupBy(s => (s.ResourceId, s.Meter)))
        {
            var ordered = line.OrderBy(s => s.OpenedAt).ThenBy(s => s.ClosedAt ?? long.MaxValue).ToList();
            Break(ordered.Zip(ordered.Skip(1)).Where(p => p.First.ClosedAt is not { } end || end > p.Second.OpenedAt)
                .Select(_ => $"{line.Key.Meter} of {line.Key.ResourceId} is billed twice"));
        }

        void Compare(string meter, IEnumerable<Server> wanted)
        {
            var open = spans.Where(s => s.Meter == meter && s.ClosedAt is null).Select(s => s.ResourceId).ToHashSet();
            var ids = wanted.Select(s => s.Id).ToHashSet();
            Break(ids.Except(open).Select(id => $"server {id} has no open {meter}"));
            Break(open.Except(ids).Select(id => $"server {id} has an open {meter}"));
        }
    }

    private async Task QuotasMatch(SimController controller, SimGround ground, List<Server> servers)
    {
        foreach (var tenant in ground.Tenants)
        {
            var limits = (await controller.Send("GET", "/compute/v2.1/limits", tenant.Token)).Good().GetProperty("limits").GetProperty("absolute");
            var used = limits.GetProperty("totalInstancesUsed").GetInt64();
            var there = servers.Count(s => s.Project == tenant.Project);
            if (used != there)
            {
                _broken.Add($"{there} servers hold the quota of {used}");
            }
        }
    }

    private IEnumerable<Report> Things(string kind) => nodes.SelectMany(Inventory).Where(r => ObjectName.Kind(r.Name) == kind);

    private static IReadOnlyList<Report> Inventory(SimulatedAgent node) => node.Inventory(CancellationToken.None).GetAwaiter().GetResult();

    private void Break(IEnumerable<string> promises) => _broken.UnionWith(promises);

    private static Server ServerOf(JsonElement json) => new(
        json.GetProperty("id").GetString()!,
        json.GetProperty("tenant_id").GetString()!,
        json.GetProperty("OS-EXT-STS:vm_state").GetString()!,
        json.GetProperty("OS-EXT-STS:task_state").GetString(),
        json.GetProperty("OS-EXT-SRV-ATTR:host").GetString(),
        json.GetProperty("OS-SRV-USG:launched_at").GetString() is not null,
        json.TryGetProperty("fault", out var fault) && fault.GetProperty("message").GetString() is { Length: > 0 });

    private sealed record Server(string Id, string Project, string State, string? Task, string? Host, bool Launched, bool Explained);
}
