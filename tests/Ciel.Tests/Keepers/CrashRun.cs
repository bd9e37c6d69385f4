using System.Text.Json;
using Ciel.Agent.Simulated;
using Ciel.Core.Store;
using Ciel.Services.Compute;
using Ciel.Simulation;

namespace Ciel.Tests.Keepers;

/// <summary>
/// One life of a server with its network, router and snapshot, on virtual time, with a fault at one point: built, stopped, started,
/// given a second port and relieved of it, copied; then all of it deleted. What it leaves must be right both times.
/// </summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private readonly SimTemplate _template;
    private readonly (CrashFault Fault, int At) _plan;
    private readonly World _world;
    private readonly Db _db;
    private readonly List<SimController> _controllers = [];
    private readonly SimulatedAgent _node;
    private readonly SimPromises _promises;
    private string? _server;

    public CrashRun(SimTemplate template, CrashFault fault, int at)
    {
        (_template, _plan) = (template, (fault, at));
        _world = new World(1, template.End);
        _db = template.Copy(_world.Time);
        var options = new SimulatedAgentOptions { Node = "node-1", Boot = TimeSpan.FromSeconds(3), Stop = TimeSpan.FromSeconds(2), Snapshot = TimeSpan.FromSeconds(2), Wire = TimeSpan.FromMilliseconds(50) };
        _node = new SimulatedAgent(options, () => new CrashReports(() => Controller, _world.Time, report => _promises!.Machines.Note(report)), _world.Time, _world.Random);
        _promises = new SimPromises(_db, [_node]);
    }

    /// <summary>How many commits there were while the server lived.</summary>
    public int Commits { get; private set; }

    /// <summary>How many calls to the node there were.</summary>
    public int Calls { get; private set; }

    public IReadOnlyList<string> Broken => _promises.Broken;

    private SimController Controller => _controllers[^1];

    private SimTenant Tenant => _template.Ground.Tenants[0];

    /// <summary>Lives it; answers with the server's last status, and the image's.</summary>
    public (string? Server, string? Image) Live()
    {
        _world.Finish(_world.Network.Start(Begin));
        var outcome = _world.Finish(_world.Network.Start(Life));
        _world.Run(TimeSpan.FromMinutes(2));
        _world.Finish(_world.Network.Start(() => _promises.LookInCalm(Controller, _template.Ground)));
        _world.Finish(_world.Network.Start(Leave));
        _world.Run(TimeSpan.FromMinutes(2));
        _world.Finish(_world.Network.Start(() => _promises.LookWhenEmpty(_template.Ground)));
        return outcome;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var controller in _controllers)
        {
            await controller.DisposeAsync();
        }

        await _db.DisposeAsync();
    }

    private Task<bool> Begin()
    {
        var controller = new SimController(_world, $"controller-{_controllers.Count}", _template.Options, _db);
        _controllers.Add(controller);
        return controller.Begin([new CrashNode(_world, _node, CallStrikes, _promises.Machines.Note)], dress: k => new CrashKeeper(k, Commit));
    }

    private bool CallStrikes(CrashFault fault)
    {
        Calls += fault == CrashFault.CallLost ? 1 : 0;
        return _plan.Fault == fault && Calls == _plan.At;
    }

    private async Task Commit()
    {
        if (++Commits != _plan.At)
        {
            return;
        }

        switch (_plan.Fault)
        {
            case CrashFault.CommitLost:
                throw new IOException("The commit was lost.");
            case CrashFault.Killed:
                Controller.Lane.Kill();
                await _world.Network.Start(Begin);
                break;
            case CrashFault.Deleted when _server is not null:
                await Send("DELETE", "/compute/v2.1/servers/" + _server);
                break;
        }
    }

    private async Task<(string? Server, string? Image)> Life()
    {
        var router = (await Send("POST", "/network/v2.0/routers", new { router = new { external_gateway_info = new { network_id = _template.Ground.Public } } })).Id("router");
        await Send("PUT", $"/network/v2.0/routers/{router}/add_router_interface", new { subnet_id = Tenant.Subnet });
        var server = new { name = "s", flavorRef = _template.Ground.Flavor, imageRef = _template.Ground.Image, networks = new[] { new { uuid = Tenant.Network } } };
        _server = (await Send("POST", "/compute/v2.1/servers", new { server })).Id("server");
        await Rest();
        await Act(new Dictionary<string, object?> { ["os-stop"] = null });
        await Act(new Dictionary<string, object?> { ["os-start"] = null });
        await Plug();
        await Act(new { createImage = new { name = "copy" } });
        var image = (await Mine("/image/v2/images?name=copy", "images")).Select(i => i.GetProperty("status").GetString()).FirstOrDefault();
        var status = await Status();
        return (status is null || await PluggedPorts() == 1 ? status : $"{status} with a wrong port", image);
    }

    private async Task Act(object verb)
    {
        await Send("POST", $"/compute/v2.1/servers/{_server}/action", verb);
        await Rest();
    }

    private async Task Plug()
    {
        var path = $"/compute/v2.1/servers/{_server}/os-interface";
        if (await Send("POST", path, new { interfaceAttachment = new { net_id = Tenant.Network } }) is { Status: 200 } answer)
        {
            await Ports(2);
            await Send("DELETE", $"{path}/{answer.Json.GetProperty("interfaceAttachment").GetProperty("port_id").GetString()}");
            await Ports(1);
        }
    }

    private async Task Ports(int count)
    {
        for (var second = 0; second < 60 && await PluggedPorts() is var plugged && plugged != 0 && plugged != count; second++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _world.Time);
        }
    }

    /// <summary>How many ports the server has; -1 while one is on its way.</summary>
    private async Task<int> PluggedPorts()
    {
        var nics = await _db.Read(r => ServerStore.Nics(r, _server!));
        return nics.TrueForAll(n => n.State == NicStates.Plugged) ? nics.Count : -1;
    }

    // Long enough for a lease that nobody ends, and the longest backoff after it.
    private async Task Rest()
    {
        for (var second = 0; second < 60; second++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _world.Time);
            var answer = await Send("GET", "/compute/v2.1/servers/" + _server);
            if (answer.Status == 404 || answer.Json.GetProperty("server").GetProperty("OS-EXT-STS:task_state").ValueKind == JsonValueKind.Null)
            {
                return;
            }
        }
    }

    private async Task<string?> Status() => await Send("GET", "/compute/v2.1/servers/" + _server) is { Status: 200 } answer
        ? answer.Json.GetProperty("server").GetProperty("status").GetString()
        : null;

    private async Task<bool> Leave()
    {
        foreach (var image in await Mine("/image/v2/images?name=copy", "images"))
        {
            await Send("DELETE", "/image/v2/images/" + image.GetProperty("id").GetString());
        }

        // Twice, as a client does whose controller was killed.
        var tenants = new SimTenants(_world, _template.Ground, () => Controller);
        foreach (var tenant in _template.Ground.Tenants.Concat(_template.Ground.Tenants))
        {
            await tenants.Leave(tenant);
        }

        return true;
    }

    private async Task<IReadOnlyList<JsonElement>> Mine(string path, string things) =>
        [.. (await Send("GET", path)).Good().GetProperty(things).EnumerateArray()];

    // What a killed controller did not answer it did not do either: a handler runs in one go here.
    private async Task<SimAnswer> Send(string method, string path, object? body = null)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await Controller.Send(method, path, Tenant.Token, body).WaitAsync(TimeSpan.FromSeconds(1), _world.Time);
            }
            catch (TimeoutException) when (tries < 5)
            {
                // The next try goes to the controller that has taken over.
            }
        }
    }
}
