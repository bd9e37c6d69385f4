using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel focus`: cost and usage data for FinOps tools.</summary>
internal static class FocusCommand
{
    public static Command Make(Globals globals) => new("focus", "Cost and usage data of issued invoices, as FOCUS has it.") { Export(globals) };

    private static Command Export(Globals globals)
    {
        var account = new Option<string?>("--account") { Description = "Only this account's." };
        var from = new Option<string?>("--from") { Description = "Only periods that end after it, such as 2026-01-01." };
        var to = new Option<string?>("--to") { Description = "Only periods that begin before it." };
        var version = new Option<string?>("--focus-version") { Description = "FOCUS' version: 1.2, 1.3 or 1.4; left out: the newest." };
        var dataset = new Option<string?>("--dataset") { Description = "CostAndUsage, ContractCommitment, InvoiceDetail or BillingPeriod; left out: the first." };
        var columns = new Option<string?>("--columns") { Description = "Only these columns, with commas between them." };
        var format = new Option<string>("--format") { Description = "csv or parquet.", DefaultValueFactory = _ => "csv" };
        var output = new Option<string?>("--output", "-o") { Description = "Where to; left out: focus.csv or focus.parquet here. `-` writes to standard output." };
        var command = new Command("export", "Write cost and usage, resource by resource; an invoice's rows add up to its total.") { account, from, to, version, dataset, columns, format, output };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            (string Name, string? Value)[] wanted =
                [("account", parsed.GetValue(account)), ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)), ("version", parsed.GetValue(version)),
                    ("dataset", parsed.GetValue(dataset)), ("columns", parsed.GetValue(columns)), ("format", parsed.GetValue(format))];
            var query = string.Join('&', wanted.Where(w => w.Value is not null).Select(w => $"{w.Name}={Uri.EscapeDataString(w.Value!)}"));
            await DocumentCommand.Save(cloud, "/billing/v1/focus?" + query, parsed.GetValue(output) ?? "focus." + parsed.GetValue(format), cancel);
        });
        return command;
    }
}
