using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel user`: the everyday part of `openstack user`, without installing a client.</summary>
internal static class UserCommand
{
    public static Command Make(Globals globals, TimeProvider time)
    {
        var command = new Command("user", "List, make and delete users; set a password.") { List(globals), Create(globals), Passwd(globals, time), Delete(globals) };
        return command;
    }

    private static Command List(Globals globals)
    {
        var command = new Command("list", "List all users.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var users = (await cloud.Get("/identity/v3/users", cancel)).GetProperty("users").EnumerateArray();
            Output.Table(
                parsed.GetValue(globals.Json),
                ["id", "name", "enabled"],
                [.. users.Select(u => (string[])[u.GetProperty("id").GetString()!, u.GetProperty("name").GetString()!, u.GetProperty("enabled").GetBoolean() ? "yes" : "no"])]);
        });
        return command;
    }

    private static Command Create(Globals globals)
    {
        var name = new Argument<string>("name") { Description = "The new user's name." };
        var project = new Option<string?>("--project") { Description = "Make the user a member of this project; it is made when it does not exist." };
        var command = new Command("create", "Make a user with a random password, which is printed once.") { name, project };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var password = Passwords.Random();
            var user = (await cloud.Post("/identity/v3/users", new { user = new { name = parsed.GetValue(name), password } }, cancel)).GetProperty("user");
            var userId = user.GetProperty("id").GetString()!;
            if (parsed.GetValue(project) is { } wanted)
            {
                await Admin.MakeMember(cloud, userId, await Admin.ProjectByName(cloud, wanted, cancel), cancel);
            }

            Output.Table(parsed.GetValue(globals.Json), ["id", "name", "password"], [[userId, parsed.GetValue(name)!, password]]);
        });
        return command;
    }

    private static Command Passwd(Globals globals, TimeProvider time)
    {
        var name = new Argument<string>("name") { Description = "The user's name." };
        var command = new Command("passwd", "Give a user a new random password, which is printed once.") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            var password = Passwords.Random();
            await PasswordReset.Set(globals.Known(parsed), parsed.GetValue(name)!, password, time, cancel);
            Output.Table(parsed.GetValue(globals.Json), ["name", "password"], [[parsed.GetValue(name)!, password]]);
        });
        return command;
    }

    private static Command Delete(Globals globals)
    {
        var name = new Argument<string>("name") { Description = "The user's name." };
        var command = new Command("delete", "Delete a user. What the user made belongs to its project and stays.") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            await cloud.Send(HttpMethod.Delete, "/identity/v3/users/" + await Admin.UserByName(cloud, parsed.GetValue(name)!, cancel), null, cancel);
        });
        return command;
    }
}
