using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel account costs, tag, tags`: who or what an account's money goes to.</summary>
internal static class AccountCosts
{
    public static IEnumerable<Command> Make(Globals globals) => [Costs(globals), Tag(globals), Tags(globals)];

    private static Command Costs(Globals globals)
    {
        var id = AccountPath.Id();
        var by = new Option<string>("--by") { Description = "project, cost-centre, meter, product, resource or tag:KEY.", DefaultValueFactory = _ => "project" };
        var from = new Option<string?>("--from") { Description = "The first month, such as 2026-01; left out: the open one." };
        var to = new Option<string?>("--to") { Description = "The last month; left out: the first." };
        var command = new Command("costs", "Show what months cost before tax: this one so far, or any that were.") { id, by, from, to };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            (string Name, string? Month)[] months = [("from", parsed.GetValue(from)), ("to", parsed.GetValue(to))];
            var query = string.Join('&', months.Where(m => m.Month is not null).Select(m => $"{m.Name}={Uri.EscapeDataString(m.Month!)}"));
            var costs = (await cloud.Get($"{AccountPath.Of(parsed.GetValue(id)!)}/costs/{Uri.EscapeDataString(parsed.GetValue(by)!)}?{query}", cancel)).GetProperty("costs");
            if (parsed.GetValue(globals.Json))
            {
                Output.Json(costs);
                return;
            }

            Output.Table(false, [parsed.GetValue(by)!, "amount"], [.. costs.GetProperty("costs").EnumerateArray().Select(c => (string[])[c.GetProperty("key").GetString()!, c.GetProperty("amount").ToString()])]);
            Console.WriteLine($"{costs.GetProperty("from")} to {costs.GetProperty("to")}: {costs.GetProperty("net")} {costs.GetProperty("currency")} before tax");
        });
        return command;
    }

    private static Command Tag(Globals globals)
    {
        var id = AccountPath.Id();
        var thing = new Argument<string>("thing") { Description = "A project's id or name, or a resource's id." };
        var tags = new Argument<string[]>("tags") { Description = "KEY=VALUE, any number of them; they replace those that it has.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("tag", "Put tags on a project or a resource, for reports. A resource's own comes before its project's.") { id, thing, tags };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var pairs = (parsed.GetValue(tags) ?? []).Select(t => t.Split('=', 2)).ToDictionary(t => t[0], t => t.Length == 2 ? t[1] : throw new UserErrorException($"A tag is KEY=VALUE; '{t[0]}' has no value."));
            var what = await InvoiceCommand.ProjectId(cloud, parsed.GetValue(thing)!, cancel);
            await cloud.Send(HttpMethod.Put, $"{AccountPath.Of(parsed.GetValue(id)!)}/tags/{Uri.EscapeDataString(what)}", new { tags = pairs }, cancel);
        });
        return command;
    }

    private static Command Tags(Globals globals)
    {
        var id = AccountPath.Id();
        string[] columns = ["thing", "tag", "value"];
        var command = new Command("tags", "List the tags on an account's projects and resources.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var tags = (await cloud.Get(AccountPath.Of(parsed.GetValue(id)!) + "/tags", cancel)).GetProperty("tags").EnumerateArray();
            Output.Things(parsed.GetValue(globals.Json), columns, tags);
        });
        return command;
    }
}
