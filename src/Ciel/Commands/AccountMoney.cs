using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel account pay, statement, order, orders, end`: money and orders of an account.</summary>
internal static class AccountMoney
{
    public static IEnumerable<Command> Make(Globals globals) => [Pay(globals), Statement(globals), Order(globals), Orders(globals), End(globals)];

    private static Command Pay(Globals globals)
    {
        var id = AccountPath.Id();
        var amount = new Argument<string>("amount") { Description = "How much, such as 120.00." };
        var kind = new Option<string>("--kind") { Description = "payment, refund or write-off.", DefaultValueFactory = _ => "payment" };
        var reference = new Option<string?>("--reference") { Description = "The bank's or the payer's; the same one twice is the same payment." };
        var command = new Command("pay", "Note money that came in (or went back). What is paid ahead pays the next invoices.") { id, amount, kind, reference };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var payment = new { amount = parsed.GetValue(amount), kind = parsed.GetValue(kind), reference = parsed.GetValue(reference) };
            var noted = (await cloud.Post(AccountPath.Of(parsed.GetValue(id)!) + "/payments", new { payment }, cancel)).GetProperty("payment");
            Output.Things(parsed.GetValue(globals.Json), ["kind", "amount", "balance", "currency"], [noted]);
        });
        return command;
    }

    private static Command Statement(Globals globals)
    {
        var id = AccountPath.Id();
        var command = new Command("statement", "List invoices and payments with the balance after each; below zero is owed.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            string[] columns = ["at", "kind", "invoice", "reference", "amount", "balance", "currency"];
            var entries = (await cloud.Get(AccountPath.Of(parsed.GetValue(id)!) + "/statement", cancel)).GetProperty("entries").EnumerateArray();
            Output.Things(parsed.GetValue(globals.Json), columns, entries);
        });
        return command;
    }

    private static Command Order(Globals globals)
    {
        var id = AccountPath.Id();
        var offer = new Argument<string>("offer") { Description = "Its id in the price book." };
        var quantity = new Option<int?>("--quantity") { Description = "How many; left out: one, or as many as the changed order is for." };
        var change = new Option<string?>("--change") { Description = "Change this order to it, from today on, rather than place a new one." };
        var project = new Option<string?>("--project") { Description = "Whose cost it is (a project's id or name); left out: the account's." };
        var command = new Command("order", "Order a subscription, a package or a commitment of the price book.") { id, offer, quantity, change, project };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var path = AccountPath.Of(parsed.GetValue(id)!) + "/orders";
            var order = new Dictionary<string, object?> { ["offer"] = parsed.GetValue(offer), ["quantity"] = parsed.GetValue(quantity) };
            if (parsed.GetValue(change) is not { } former)
            {
                order["project"] = parsed.GetValue(project) is { } wanted ? await InvoiceCommand.ProjectId(cloud, wanted, cancel) : null;
            }
            else
            {
                path += "/" + Uri.EscapeDataString(former);
            }

            var made = await cloud.Send(parsed.GetValue(change) is null ? HttpMethod.Post : HttpMethod.Patch, path, new { order }, cancel);
            Output.Things(parsed.GetValue(globals.Json), ["id", "offer", "quantity"], [made.GetProperty("order")]);
        });
        return command;
    }

    private static Command Orders(Globals globals)
    {
        var id = AccountPath.Id();
        var command = new Command("orders", "List what an account has ordered; a quantity of 0 has ended.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            string[] columns = ["id", "offer", "quantity", "since", "project"];
            var orders = (await cloud.Get(AccountPath.Of(parsed.GetValue(id)!) + "/orders", cancel)).GetProperty("orders").EnumerateArray();
            Output.Things(parsed.GetValue(globals.Json), columns, orders);
        });
        return command;
    }

    private static Command End(Globals globals)
    {
        var id = AccountPath.Id();
        var order = new Argument<string>("order") { Description = "The order's id; `ciel account orders` shows it." };
        var command = new Command("end", "End an order today. What is left of a subscription's term is given back on the next invoice.") { id, order };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            await cloud.Send(HttpMethod.Delete, $"{AccountPath.Of(parsed.GetValue(id)!)}/orders/{Uri.EscapeDataString(parsed.GetValue(order)!)}", null, cancel);
        });
        return command;
    }
}
