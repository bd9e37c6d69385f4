namespace Ciel.Simulation;

/// <summary>
/// The tenants of a simulation: each makes servers, networks and routers, works on them and deletes them, through whichever
/// controller answers. What was not answered may have happened: a tenant looks up what it has.
/// </summary>
internal sealed class SimTenants(World world, SimGround ground, Func<SimController?> any)
{
    /// <summary>How many servers a tenant may have: few, so that most of them are worked on.</summary>
    public const int Quota = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>The most servers that one tenant had at once.</summary>
    public long MostServers { get; private set; }

    /// <summary>How many servers were accepted.</summary>
    public long Servers { get; private set; }

    /// <summary>One tenant sends so many requests.</summary>
    public async Task<bool> Act(SimTenant tenant, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3 * world.Random.NextDouble()), world.Time);
            await One(tenant);
        }

        return true;
    }

    /// <summary>A tenant deletes all that it has.</summary>
    public async Task<bool> Leave(SimTenant tenant)
    {
        foreach (var server in await Mine(tenant, "/compute/v2.1/servers", "servers"))
        {
            await Ask(tenant, "DELETE", "/compute/v2.1/servers/" + server);
        }

        await Task.Delay(TimeSpan.FromMinutes(2), world.Time);
        foreach (var router in await Mine(tenant, "/network/v2.0/routers", "routers"))
        {
            await DropRouter(tenant, router);
        }

        foreach (var network in await Mine(tenant, "/network/v2.0/networks?project_id=" + tenant.Project, "networks"))
        {
            await Ask(tenant, "DELETE", "/network/v2.0/networks/" + network);
        }

        return true;
    }

    private Task One(SimTenant tenant) => world.Random.Next(100) switch
    {
        < 35 => Boot(tenant),
        < 45 => Verb(tenant, "os-stop", new Dictionary<string, object?> { ["os-stop"] = null }),
        < 55 => Verb(tenant, "os-start", new Dictionary<string, object?> { ["os-start"] = null }),
        < 60 => Verb(tenant, "reboot", new { reboot = new { type = "HARD" } }),
        < 65 => Verb(tenant, "reboot", new { reboot = new { type = "SOFT" } }),
        < 80 => Verb(tenant, "delete", null),
        < 86 => MakeRouter(tenant),
        < 90 => Drop(tenant, "/network/v2.0/routers", "routers", DropRouter),
        < 95 => MakeNetwork(tenant),
        _ => Drop(tenant, "/network/v2.0/networks?name=extra", "networks", (t, id) => Ask(t, "DELETE", "/network/v2.0/networks/" + id)),
    };

    private async Task Boot(SimTenant tenant)
    {
        var servers = await Mine(tenant, "/compute/v2.1/servers", "servers");
        MostServers = Math.Max(MostServers, servers.Count);
        if (servers.Count >= Quota + world.Random.Next(2))
        {
            await Verb(tenant, "delete", null);
            return;
        }

        var networks = await Mine(tenant, "/network/v2.0/networks?project_id=" + tenant.Project, "networks");
        if (networks.Count > 0)
        {
            var server = new { name = "s", flavorRef = ground.Flavor, imageRef = ground.Image, networks = new[] { new { uuid = Pick(networks) } } };
            Servers += (await Ask(tenant, "POST", "/compute/v2.1/servers", new { server })) is { Status: 202 } ? 1 : 0;
        }
    }

    private Task Verb(SimTenant tenant, string verb, object? body) => Drop(tenant, "/compute/v2.1/servers", "servers", (t, id) => verb == "delete"
        ? Ask(t, "DELETE", "/compute/v2.1/servers/" + id)
        : Ask(t, "POST", $"/compute/v2.1/servers/{id}/action", body));

    private async Task MakeNetwork(SimTenant tenant)
    {
        if (await Ask(tenant, "POST", "/network/v2.0/networks", new { network = new { name = "extra" } }) is { Status: 201 } made)
        {
            var subnet = new { network_id = made.Id("network"), ip_version = 4, cidr = $"10.{1 + world.Random.Next(200)}.0.0/24" };
            await Ask(tenant, "POST", "/network/v2.0/subnets", new { subnet });
        }
    }

    private async Task MakeRouter(SimTenant tenant)
    {
        var router = new { external_gateway_info = new { network_id = ground.Public } };
        if (await Ask(tenant, "POST", "/network/v2.0/routers", new { router }) is { Status: 201 } made)
        {
            await Ask(tenant, "PUT", $"/network/v2.0/routers/{made.Id("router")}/add_router_interface", new { subnet_id = tenant.Subnet });
        }
    }

    private async Task<SimAnswer?> DropRouter(SimTenant tenant, string id)
    {
        await Ask(tenant, "PUT", $"/network/v2.0/routers/{id}/remove_router_interface", new { subnet_id = tenant.Subnet });
        return await Ask(tenant, "DELETE", "/network/v2.0/routers/" + id);
    }

    private async Task Drop(SimTenant tenant, string list, string things, Func<SimTenant, string, Task<SimAnswer?>> work)
    {
        var ids = await Mine(tenant, list, things);
        if (ids.Count > 0)
        {
            await work(tenant, Pick(ids));
        }
    }

    private async Task<List<string>> Mine(SimTenant tenant, string list, string things) => await Ask(tenant, "GET", list) is { Status: 200 } answer
        ? [.. answer.Json.GetProperty(things).EnumerateArray().Select(t => t.GetProperty("id").GetString()!)]
        : [];

    private string Pick(List<string> ids) => ids[world.Random.Next(ids.Count)];

    private async Task<SimAnswer?> Ask(SimTenant tenant, string method, string path, object? body = null)
    {
        if (any() is not { } controller)
        {
            return null;
        }

        try
        {
            var answer = await controller.Send(method, path, tenant.Token, body).WaitAsync(Patience, world.Time);
            world.Note($"{controller.Lane.Name} {method} {path}: {answer.Status}");
            return answer;
        }
        catch (TimeoutException)
        {
            world.Note($"{controller.Lane.Name} {method} {path}: no answer");
            return null;
        }
    }
}
