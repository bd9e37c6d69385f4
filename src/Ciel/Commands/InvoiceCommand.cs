using System.CommandLine;
using System.Text.Json;

namespace Ciel.Commands;

/// <summary>`ciel invoice`: what was billed, and what would be now.</summary>
internal static class InvoiceCommand
{
    private static readonly string[] Columns = ["kind", "name", "quantity", "unit", "price", "amount"];

    public static Command Make(Globals globals) => new("invoice", "Preview, list and show invoices, take them back, get them as PDF and as e-invoice.")
    {
        Preview(globals), List(globals), Show(globals), Credit(globals), DocumentCommand.Make(globals, "pdf"), DocumentCommand.Make(globals, "xml"),
    };

    private static Command Preview(Globals globals)
    {
        var account = new Option<string>("--account") { Description = "Whose. Left out: of the account that pays for all projects without one.", DefaultValueFactory = _ => "default" };
        var project = new Option<string?>("--project") { Description = "Only this project's part (its id or its name)." };
        var command = new Command("preview", "Show what the next invoice would say if the period ended now.") { account, project };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var path = parsed.GetValue(project) is { } wanted
                ? $"/billing/v1/preview?project={await ProjectId(cloud, wanted, cancel)}"
                : AccountPath.Of(parsed.GetValue(account)!) + "/preview";
            Print(parsed.GetValue(globals.Json), (await cloud.Get(path, cancel)).GetProperty("preview"));
        });
        return command;
    }

    private static Command List(Globals globals)
    {
        var account = new Option<string?>("--account") { Description = "Only this account's." };
        var command = new Command("list", "List invoices and credit notes, the newest first.") { account };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var query = parsed.GetValue(account) is { } wanted ? "?account=" + Uri.EscapeDataString(wanted) : "";
            string[] columns = ["number", "kind", "account", "from", "to", "total", "currency", "due"];
            var invoices = await cloud.Pages("/billing/v1/invoices" + query, "invoices", "number", cancel);
            Output.Things(parsed.GetValue(globals.Json), columns, invoices);
        });
        return command;
    }

    private static Command Show(Globals globals)
    {
        var number = new Argument<string>("number") { Description = "The invoice's number." };
        var command = new Command("show", "Show an invoice with its lines.") { number };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            Print(parsed.GetValue(globals.Json), (await cloud.Get("/billing/v1/invoices/" + Uri.EscapeDataString(parsed.GetValue(number)!), cancel)).GetProperty("invoice"));
        });
        return command;
    }

    private static Command Credit(Globals globals)
    {
        var number = new Argument<string>("number") { Description = "The invoice's number." };
        var net = new Option<string?>("--net") { Description = "How much without tax; left out: all that is left of it." };
        var reason = new Option<string?>("--reason") { Description = "Why; kept in the audit log." };
        var command = new Command("credit", "Issue a credit note on an invoice, with the tax on what it takes back.") { number, net, reason };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var body = new { credit_note = new { net = parsed.GetValue(net), reason = parsed.GetValue(reason) } };
            var path = $"/billing/v1/invoices/{Uri.EscapeDataString(parsed.GetValue(number)!)}/credit-notes";
            Print(parsed.GetValue(globals.Json), (await cloud.Post(path, body, cancel)).GetProperty("credit_note"));
        });
        return command;
    }

    private static void Print(bool json, JsonElement invoice)
    {
        if (json)
        {
            Output.Json(invoice);
            return;
        }

        string Of(string name) => invoice.GetProperty(name).ToString();
        Console.WriteLine($"{(invoice.TryGetProperty("number", out var number) ? number.ToString() : "Preview")}  account {Of("account")}  {Of("from")} to {Of("to")}");
        Output.Things(false, Columns, invoice.GetProperty("lines").EnumerateArray());
        Console.WriteLine($"net {Of("net")}  tax {Of("tax")}  total {Of("total")} {Of("currency")}");
        if (invoice.TryGetProperty("unpriced", out var unpriced) && unpriced.GetArrayLength() > 0)
        {
            Console.WriteLine($"Not in the price book, so free: {string.Join(", ", unpriced.EnumerateArray())}");
        }
    }

    /// <summary>A project's id by its id or its name.</summary>
    public static async Task<string> ProjectId(CloudClient cloud, string wanted, CancellationToken cancel)
    {
        var projects = (await cloud.Get("/identity/v3/projects", cancel)).GetProperty("projects").EnumerateArray().ToList();
        var found = projects.Where(p => p.GetProperty("id").GetString() == wanted || p.GetProperty("name").GetString() == wanted).Select(p => p.GetProperty("id").GetString()!).ToList();
        return found.Count == 1 ? found[0]
            : found.Count > 1 ? throw new UserErrorException($"{found.Count} projects are called {wanted}: say its id. `ciel project list` shows them.")
            : wanted; // A project that is gone still has its part of what ran.
    }
}
