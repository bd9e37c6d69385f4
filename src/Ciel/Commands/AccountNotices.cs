using System.CommandLine;
using System.Text.Json;

namespace Ciel.Commands;

/// <summary>`ciel account notices, webhook`: what an account is told, and where.</summary>
internal static class AccountNotices
{
    public static IEnumerable<Command> Make(Globals globals) => [Notices(globals), Webhook(globals)];

    private static Command Notices(Globals globals)
    {
        var id = AccountPath.Id();
        var command = new Command("notices", "List an account's notices, the newest first, and whether they have arrived.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var notices = (await cloud.Get(AccountPath.Of(parsed.GetValue(id)!) + "/notices", cancel)).GetProperty("notices");
            if (parsed.GetValue(globals.Json))
            {
                Output.Json(notices);
                return;
            }

            Output.Table(
                false, ["at", "kind", "message", "deliveries"],
                [.. notices.EnumerateArray().Select(n => (string[])[Text(n, "at"), Text(n, "kind"), Text(n, "message"), string.Join("; ", n.GetProperty("deliveries").EnumerateArray().Select(Delivery))])]);
        });
        return command;
    }

    private static string Delivery(JsonElement delivery) =>
        $"{Text(delivery, "channel")} {Text(delivery, "state")} after {Text(delivery, "attempts")}{(Text(delivery, "error") is { Length: > 0 } error ? $" ({error})" : "")}";

    private static Command Webhook(Globals globals)
    {
        var id = AccountPath.Id();
        var url = new Option<string?>("--url") { Description = "Send notices here from now on; the secret that signs them (standardwebhooks.com) is shown once." };
        var remove = new Option<bool>("--remove") { Description = "Send them nowhere any more." };
        var command = new Command("webhook", "Show, set or remove the webhook that an account's notices go to.") { id, url, remove };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var path = AccountPath.Of(parsed.GetValue(id)!) + "/webhook";
            if (parsed.GetValue(remove))
            {
                await cloud.Send(HttpMethod.Delete, path, null, cancel);
                return;
            }

            var answer = parsed.GetValue(url) is { } to ? await cloud.Send(HttpMethod.Put, path, new { webhook = new { url = to } }, cancel) : await cloud.Get(path, cancel);
            Output.Fields(parsed.GetValue(globals.Json), answer.GetProperty("webhook"));
        });
        return command;
    }

    private static string Text(JsonElement thing, string name) => thing.GetProperty(name).ToString();
}
