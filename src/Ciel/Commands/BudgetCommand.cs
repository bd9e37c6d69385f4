using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel budget`: how much an account wants to spend.</summary>
internal static class BudgetCommand
{
    private static readonly string[] Columns = ["id", "project", "amount", "currency", "alerts", "hard_stop"];

    public static Command Make(Globals globals) => new("budget", "List, set and remove budgets, and show what an account costs now.") { List(globals), Set(globals), Remove(globals), Show(globals), Notices(globals) };

    private static Command List(Globals globals)
    {
        var account = Account();
        var command = new Command("list", "List an account's budgets.") { account };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var budgets = (await cloud.Get(AccountPath.Of(parsed.GetValue(account)!) + "/budgets", cancel)).GetProperty("budgets").EnumerateArray();
            Output.Things(parsed.GetValue(globals.Json), Columns, budgets);
        });
        return command;
    }

    private static Command Set(Globals globals)
    {
        var amount = new Argument<string>("amount") { Description = "How much in a billing period, in the account's currency." };
        var account = Account();
        var project = new Option<string?>("--project") { Description = "Only for this project (its id or name)." };
        var alerts = new Option<string>("--alerts") { Description = "At how many hundredths a notice is written.", DefaultValueFactory = _ => "50,80,100" };
        var stop = new Option<bool>("--hard-stop") { Description = "Suspend what it is for when it is used up: services stop, data is kept." };
        var command = new Command("set", "Set a budget.") { amount, account, project, alerts, stop };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var budget = new
            {
                amount = parsed.GetValue(amount),
                project = parsed.GetValue(project) is { } wanted ? await InvoiceCommand.ProjectId(cloud, wanted, cancel) : null,
                alerts = parsed.GetValue(alerts),
                hard_stop = parsed.GetValue(stop),
            };
            var made = (await cloud.Post(AccountPath.Of(parsed.GetValue(account)!) + "/budgets", new { budget }, cancel)).GetProperty("budget");
            Output.Things(parsed.GetValue(globals.Json), Columns, [made]);
        });
        return command;
    }

    private static Command Remove(Globals globals)
    {
        var id = new Argument<string>("id") { Description = "The budget's id." };
        var account = Account();
        var command = new Command("remove", "Remove a budget. What only it had stopped starts again.") { id, account };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            await cloud.Send(HttpMethod.Delete, $"{AccountPath.Of(parsed.GetValue(account)!)}/budgets/{Uri.EscapeDataString(parsed.GetValue(id)!)}", null, cancel);
        });
        return command;
    }

    private static Command Show(Globals globals)
    {
        var account = Account();
        var command = new Command("costs", "Show what the period has come to by resource, and what it will come to at this pace.") { account };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var costs = (await cloud.Get(AccountPath.Of(parsed.GetValue(account)!) + "/costs", cancel)).GetProperty("costs");
            if (parsed.GetValue(globals.Json))
            {
                Output.Json(costs);
                return;
            }

            string[] columns = ["project", "resource", "product", "amount"];
            Output.Things(false, columns, costs.GetProperty("resources").EnumerateArray());
            Console.WriteLine($"so far {costs.GetProperty("so_far")}  forecast {costs.GetProperty("forecast")} {costs.GetProperty("currency")}");
            if (costs.GetProperty("unusual").GetBoolean())
            {
                Console.WriteLine("The last day cost more than twice what a day did in the week before.");
            }
        });
        return command;
    }

    private static Command Notices(Globals globals)
    {
        var account = Account();
        var command = new Command("notices", "List what the account was told: budgets reached, invoices overdue, services stopped.") { account };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            string[] columns = ["at", "kind", "message"];
            var notices = (await cloud.Get(AccountPath.Of(parsed.GetValue(account)!) + "/notices", cancel)).GetProperty("notices").EnumerateArray();
            Output.Things(parsed.GetValue(globals.Json), columns, notices);
        });
        return command;
    }

    private static Option<string> Account() => new("--account") { Description = "Whose.", DefaultValueFactory = _ => "default" };
}
