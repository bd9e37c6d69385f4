namespace Ciel.Simulation;

/// <summary>The tenants of a simulation: they make, stop, start, reboot and delete servers through whichever controller answers.</summary>
internal sealed class SimTenants
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly World _world;
    private readonly List<Tenant> _tenants = [];
    private readonly string _flavor;
    private readonly string _image;

    private SimTenants(World world, string flavor, string image) => (_world, _flavor, _image) = (world, flavor, image);

    /// <summary>How many servers were accepted.</summary>
    public long Servers { get; private set; }

    /// <summary>Makes two projects, each with a network of the same range, in calm.</summary>
    public static Task<SimTenants> Make(World world, SimController controller) => world.Network.Start(async () =>
    {
        var admin = await SimLogin.Admin(controller);
        var flavors = (await controller.Send("GET", "/compute/v2.1/flavors", admin)).Good();
        var tenants = new SimTenants(world, flavors.GetProperty("flavors")[0].GetProperty("id").GetString()!, await SimLogin.Image(controller, admin));
        for (var i = 1; i <= 2; i++)
        {
            var token = await SimLogin.Project(controller, admin, $"tenant-{i}");
            var network = Id(await controller.Send("POST", "/network/v2.0/networks", token, new { network = new { name = "net" } }), "network");
            var subnet = new { network_id = network, ip_version = 4, cidr = "10.0.0.0/24" };
            (await controller.Send("POST", "/network/v2.0/subnets", token, new { subnet })).Good();
            tenants._tenants.Add(new Tenant(token, network));
        }

        return tenants;
    });

    /// <summary>Sends so many requests.</summary>
    public async Task<bool> Act(int requests, Func<SimController?> any)
    {
        for (var i = 0; i < requests; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(5 * _world.Random.NextDouble()), _world.Time);
            var tenant = _tenants[_world.Random.Next(_tenants.Count)];
            if (any() is { } controller)
            {
                await One(tenant, controller);
            }
        }

        return true;
    }

    private async Task One(Tenant tenant, SimController controller)
    {
        try
        {
            if (tenant.Servers.Count == 0 || _world.Random.Next(100) < 45)
            {
                var server = new { name = "s", flavorRef = _flavor, imageRef = _image, networks = new[] { new { uuid = tenant.Network } } };
                var answer = await Wait(controller.Send("POST", "/compute/v2.1/servers", tenant.Token, new { server }));
                _world.Note($"create: {answer.Status}");
                if (answer.Status == 202)
                {
                    Servers++;
                    tenant.Servers.Add(answer.Json.GetProperty("server").GetProperty("id").GetString()!);
                }

                return;
            }

            var id = tenant.Servers[_world.Random.Next(tenant.Servers.Count)];
            await Change(tenant, controller, id);
        }
        catch (TimeoutException)
        {
            _world.Note("no answer");
        }
    }

    private async Task Change(Tenant tenant, SimController controller, string id)
    {
        var (verb, body) = _world.Random.Next(6) switch
        {
            0 => ("os-stop", (object)new Dictionary<string, object?> { ["os-stop"] = null }),
            1 => ("os-start", new Dictionary<string, object?> { ["os-start"] = null }),
            2 => ("reboot", new { reboot = new { type = "HARD" } }),
            _ => ("delete", ""),
        };
        var answer = verb == "delete"
            ? await Wait(controller.Send("DELETE", "/compute/v2.1/servers/" + id, tenant.Token))
            : await Wait(controller.Send("POST", $"/compute/v2.1/servers/{id}/action", tenant.Token, body));
        _world.Note($"{verb} {id}: {answer.Status}");
        if (verb == "delete" && answer.Status is 204 or 404)
        {
            tenant.Servers.Remove(id);
        }
    }

    private Task<SimAnswer> Wait(Task<SimAnswer> answer) => answer.WaitAsync(Patience, _world.Time);

    private static string Id(SimAnswer answer, string thing) => answer.Good().GetProperty(thing).GetProperty("id").GetString()!;

    private sealed record Tenant(string Token, string Network)
    {
        public List<string> Servers { get; } = [];
    }
}
