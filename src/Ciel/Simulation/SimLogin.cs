using Ciel.Agent.Simulated;
using Ciel.Hosting;
using Ciel.Services.Images;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Simulation;

/// <summary>What a simulation needs before it begins: tokens, projects and an image, made through the doors.</summary>
internal static class SimLogin
{
    /// <summary>A token of the admin.</summary>
    public static Task<string> Admin(SimController controller) =>
        Token(controller, "admin", AdminPassword.Of(controller.Parts.GetRequiredService<CielOptions>(), controller.Setting.Secrets), "admin");

    /// <summary>A project with a member, and the member's token.</summary>
    public static async Task<string> Project(SimController controller, string admin, string name)
    {
        var password = "the long password of " + name;
        var project = (await controller.Send("POST", "/identity/v3/projects", admin, new { project = new { name } })).Good();
        var user = (await controller.Send("POST", "/identity/v3/users", admin, new { user = new { name, password } })).Good();
        var role = (await controller.Send("GET", "/identity/v3/roles?name=member", admin)).Good().GetProperty("roles")[0].GetProperty("id").GetString();
        var projectId = project.GetProperty("project").GetProperty("id").GetString();
        var userId = user.GetProperty("user").GetProperty("id").GetString();
        (await controller.Send("PUT", $"/identity/v3/projects/{projectId}/users/{userId}/roles/{role}", admin)).Good();
        return await Token(controller, name, password, name);
    }

    /// <summary>An image that boots on simulated nodes, which read none of its bytes.</summary>
    public static async Task<string> Image(SimController controller, string admin)
    {
        await controller.Lane.Start(async () =>
        {
            using var disk = new MemoryStream(SimulatedDisk.Qcow2(1));
            await controller.Parts.GetRequiredService<IImages>().Seed("simulated", disk, new Dictionary<string, string>(), CancellationToken.None);
            return true;
        });
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
