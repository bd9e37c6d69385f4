using Ciel.Agent.Simulated;
using Ciel.Hosting;
using Ciel.Services.Images;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Simulation;

/// <summary>Makes what a simulation needs before it begins, through the doors: tokens, projects, networks and an image.</summary>
internal static class SimLogin
{
    public static async Task<SimGround> Ground(SimController controller)
    {
        var options = controller.Parts.GetRequiredService<CielOptions>();
        var admin = await Token(controller, "admin", AdminPassword.Of(options, controller.Setting.Secrets), "admin");
        var flavors = (await controller.Send("GET", "/compute/v2.1/flavors", admin)).Good();
        var networks = (await controller.Send("GET", "/network/v2.0/networks?router:external=true", admin)).Good();
        return new SimGround(
            admin,
            flavors.GetProperty("flavors")[0].GetProperty("id").GetString()!,
            await Image(controller, admin),
            networks.GetProperty("networks")[0].GetProperty("id").GetString()!,
            [await Tenant(controller, admin, "tenant-1"), await Tenant(controller, admin, "tenant-2")]);
    }

    // Both tenants have the same range: nothing of one may reach the other.
    private static async Task<SimTenant> Tenant(SimController controller, string admin, string name)
    {
        var (project, token) = await Project(controller, admin, name);
        (await controller.Send("PUT", "/compute/v2.1/os-quota-sets/" + project, admin, new { quota_set = new { instances = SimTenants.Quota } })).Good();
        var network = (await controller.Send("POST", "/network/v2.0/networks", token, new { network = new { name = "net" } })).Id("network");
        var subnet = new { network_id = network, ip_version = 4, cidr = "10.0.0.0/24" };
        return new SimTenant(project, token, network, (await controller.Send("POST", "/network/v2.0/subnets", token, new { subnet })).Id("subnet"));
    }

    private static async Task<(string Id, string Token)> Project(SimController controller, string admin, string name)
    {
        var password = "the long password of " + name;
        var project = (await controller.Send("POST", "/identity/v3/projects", admin, new { project = new { name } })).Id("project");
        var user = (await controller.Send("POST", "/identity/v3/users", admin, new { user = new { name, password } })).Id("user");
        var roles = (await controller.Send("GET", "/identity/v3/roles?name=member", admin)).Good().GetProperty("roles");
        (await controller.Send("PUT", $"/identity/v3/projects/{project}/users/{user}/roles/{roles[0].GetProperty("id").GetString()}", admin)).Good();
        return (project, await Token(controller, name, password, name));
    }

    private static async Task<string> Image(SimController controller, string admin)
    {
        using var disk = new MemoryStream(SimulatedDisk.Qcow2(1));
        await controller.Parts.GetRequiredService<IImages>().Seed("simulated", disk, new Dictionary<string, string>(), CancellationToken.None);
        var images = (await controller.Send("GET", "/image/v2/images", admin)).Good();
        return images.GetProperty("images")[0].GetProperty("id").GetString()!;
    }

    private static async Task<string> Token(SimController controller, string name, string password, string project)
    {
        var domain = new { id = "default" };
        var auth = new
        {
            identity = new { methods = (string[])["password"], password = new { user = new { name, password, domain } } },
            scope = new { project = new { name = project, domain } },
        };
        var answer = await controller.Send("POST", "/identity/v3/auth/tokens", null, new { auth });
        answer.Good();
        return answer.SubjectToken!;
    }
}
