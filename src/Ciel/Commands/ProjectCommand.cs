using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel project`: the everyday part of `openstack project`.</summary>
internal static class ProjectCommand
{
    public static Command Make(Globals globals) => new("project", "List, make and delete projects.") { List(globals), Create(globals), Delete(globals) };

    private static Command List(Globals globals)
    {
        var command = new Command("list", "List all projects.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var projects = (await cloud.Get("/identity/v3/projects", cancel)).GetProperty("projects").EnumerateArray();
            Output.Table(
                parsed.GetValue(globals.Json),
                ["id", "name", "enabled"],
                [.. projects.Select(p => (string[])[p.GetProperty("id").GetString()!, p.GetProperty("name").GetString()!, p.GetProperty("enabled").GetBoolean() ? "yes" : "no"])]);
        });
        return command;
    }

    private static Command Create(Globals globals)
    {
        var name = new Argument<string>("name") { Description = "The new project's name." };
        var command = new Command("create", "Make a project.") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var answer = await cloud.Post("/identity/v3/projects", new { project = new { name = parsed.GetValue(name) } }, cancel);
            Output.Table(parsed.GetValue(globals.Json), ["id", "name"], [[answer.GetProperty("project").GetProperty("id").GetString()!, parsed.GetValue(name)!]]);
        });
        return command;
    }

    private static Command Delete(Globals globals)
    {
        var id = new Argument<string>("id") { Description = "The project's id (names are not unique across domains)." };
        var command = new Command("delete", "Delete a project with everything that it has.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            await cloud.Send(HttpMethod.Delete, "/identity/v3/projects/" + Uri.EscapeDataString(parsed.GetValue(id)!), null, cancel);
        });
        return command;
    }
}
