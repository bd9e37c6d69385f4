using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel account`: who pays.</summary>
internal static class AccountCommand
{
    public static Command Make(Globals globals)
    {
        var command = new Command("account", "List, make and change billing accounts: who pays for which projects.")
        {
            List(globals), Create(globals), Set(globals), Delete(globals), Add(globals), Remove(globals), Contract(globals),
        };
        foreach (var money in (IEnumerable<Command>)[.. AccountMoney.Make(globals), .. AccountNotices.Make(globals), .. AccountCosts.Make(globals)])
        {
            command.Add(money);
        }

        return command;
    }

    private static Command List(Globals globals)
    {
        var command = new Command("list", "List accounts with what they owe (below zero) or have.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            string[] columns = ["id", "name", "parent", "currency", "zone", "state", "balance"];
            var accounts = await cloud.Pages("/billing/v1/accounts", "accounts", "id", cancel);
            Output.Things(parsed.GetValue(globals.Json), columns, accounts);
        });
        return command;
    }

    private static Command Create(Globals globals)
    {
        var id = new Argument<string>("id") { Description = "A short name for it, such as acme: small letters, digits, dashes." };
        var name = new Option<string>("--name") { Description = "The customer's legal name, as invoices say it.", Required = true };
        var parent = new Option<string?>("--parent") { Description = "The account above, whose root pays." };
        var sandbox = new Option<bool>("--sandbox") { Description = "To try out: it lives by a clock of its own (`ciel clock`), and nothing of it is real." };
        var clock = new Option<string?>("--clock") { Description = "Where a sandbox's clock begins, such as 2026-01-01; left out: now." };
        var fields = new AccountFields();
        var command = new Command("create", "Make an account.") { id, name, parent, sandbox, clock };
        fields.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var account = fields.Of(parsed);
            account["id"] = parsed.GetValue(id)!;
            account["name"] = parsed.GetValue(name)!;
            if (parsed.GetValue(parent) is { } above)
            {
                account["parent"] = above;
            }

            if (parsed.GetValue(sandbox))
            {
                account["sandbox"] = true;
            }

            if (parsed.GetValue(clock) is { } begins)
            {
                account["clock"] = begins;
            }

            Output.Fields(parsed.GetValue(globals.Json), (await cloud.Post("/billing/v1/accounts", new { account }, cancel)).GetProperty("account"));
        });
        return command;
    }

    private static Command Set(Globals globals)
    {
        var id = AccountPath.Id();
        var name = new Option<string?>("--name") { Description = "The customer's legal name." };
        var fields = new AccountFields();
        var command = new Command("set", "Change an account.") { id, name };
        fields.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var account = fields.Of(parsed);
            if (parsed.GetValue(name) is { } text)
            {
                account["name"] = text;
            }

            Output.Fields(parsed.GetValue(globals.Json), (await cloud.Send(HttpMethod.Patch, AccountPath.Of(parsed.GetValue(id)!), new { account }, cancel)).GetProperty("account"));
        });
        return command;
    }

    private static Command Delete(Globals globals)
    {
        var id = AccountPath.Id();
        var command = new Command("delete", "Delete a sandbox with all that it had. A real account stays, because what was billed does.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            await cloud.Send(HttpMethod.Delete, AccountPath.Of(parsed.GetValue(id)!), null, cancel);
        });
        return command;
    }

    private static Command Add(Globals globals)
    {
        var id = AccountPath.Id();
        var project = new Argument<string>("project") { Description = "The project's id or name." };
        var from = new Option<string?>("--from") { Description = "Since when the account pays for it, such as 2026-11-01; left out: now." };
        var centre = new Option<string?>("--cost-centre") { Description = "The customer's own word for who bears the cost." };
        var command = new Command("add", "Let an account pay for a project.") { id, project, from, centre };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var path = $"{AccountPath.Of(parsed.GetValue(id)!)}/projects/{await InvoiceCommand.ProjectId(cloud, parsed.GetValue(project)!, cancel)}";
            Output.Fields(parsed.GetValue(globals.Json), (await cloud.Send(HttpMethod.Put, path, new { from = parsed.GetValue(from), cost_centre = parsed.GetValue(centre) }, cancel)).GetProperty("account"));
        });
        return command;
    }

    private static Command Remove(Globals globals)
    {
        var id = AccountPath.Id();
        var project = new Argument<string>("project") { Description = "The project's id or name." };
        var command = new Command("remove", "Give a project back to the default account.") { id, project };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var path = $"{AccountPath.Of(parsed.GetValue(id)!)}/projects/{await InvoiceCommand.ProjectId(cloud, parsed.GetValue(project)!, cancel)}";
            await cloud.Send(HttpMethod.Delete, path, null, cancel);
        });
        return command;
    }

    private static Command Contract(Globals globals)
    {
        var id = AccountPath.Id();
        var contract = new Argument<string?>("contract") { Description = "Its id in the price book; left out: none any more.", Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<string?>("--from") { Description = "From when on; left out: now." };
        var project = new Option<string?>("--project") { Description = "For this one of its projects alone, whose usage then has prices, tiers and free allowances of its own." };
        var command = new Command("contract", "Put an account, or one project that it pays for, under a contract of the price book.") { id, contract, from, project };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var only = parsed.GetValue(project) is { } named ? await InvoiceCommand.ProjectId(cloud, named, cancel) : null;
            var body = new { contract = parsed.GetValue(contract), project = only, from = parsed.GetValue(from) };
            Output.Fields(parsed.GetValue(globals.Json), (await cloud.Send(HttpMethod.Put, AccountPath.Of(parsed.GetValue(id)!) + "/contract", body, cancel)).GetProperty("account"));
        });
        return command;
    }
}
