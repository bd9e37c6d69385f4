using System.CommandLine;
using System.Text;

namespace Ciel.Commands;

/// <summary>`ciel price`: the price book in and out.</summary>
internal static class PriceCommand
{
    public static Command Make(Globals globals) => new("price", "Show, check and import the price book.") { Export(globals), Check(globals), Import(globals) };

    private static Command Export(Globals globals)
    {
        var version = new Option<long?>("--version") { Description = "An earlier book; 0 is the one that shipped." };
        var command = new Command("export", "Print the price book in force: one file, with its comments.") { version };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var wanted = parsed.GetValue(version) is { } number ? $"?version={number}" : "";
            Console.Write(await cloud.Text(HttpMethod.Get, "/billing/v1/prices" + wanted, null, cancel));
        });
        return command;
    }

    private static Command Check(Globals globals)
    {
        var file = File();
        var command = new Command("check", "Say whether a price book could be imported, and what is wrong with it. Nothing is changed.") { file };
        command.SetAction((parsed, cancel) => Send(globals, parsed, parsed.GetValue(file)!, "?check=true", cancel));
        return command;
    }

    private static Command Import(Globals globals)
    {
        var file = File();
        var retroactive = new Option<bool>("--retroactive") { Description = "Let new prices begin in the past. What they change on closed invoices becomes a correction." };
        var command = new Command("import", "Put a price book in force. What has applied already must be in it as it was.") { file, retroactive };
        command.SetAction((parsed, cancel) => Send(globals, parsed, parsed.GetValue(file)!, parsed.GetValue(retroactive) ? "?retroactive=true" : "", cancel));
        return command;
    }

    private static Argument<FileInfo> File() => new("file") { Description = "The book, as `ciel price export` prints it." };

    private static async Task Send(Globals globals, ParseResult parsed, FileInfo file, string query, CancellationToken cancel)
    {
        if (!file.Exists)
        {
            throw new UserErrorException($"There is no file {file.FullName}.");
        }

        using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
        using var body = new StringContent(await System.IO.File.ReadAllTextAsync(file.FullName, cancel), Encoding.UTF8, "application/yaml");
        var answer = (await cloud.Send(HttpMethod.Put, "/billing/v1/prices" + query, body, cancel)).GetProperty("prices");
        Output.Table(
            parsed.GetValue(globals.Json),
            ["version", "products", "prices", "tax classes without a rate", "products that nothing meters"],
            [[
                answer.GetProperty("version").ToString(), answer.GetProperty("products").ToString(), answer.GetProperty("prices").ToString(),
                string.Join(", ", answer.GetProperty("without_tax").EnumerateArray()), string.Join(", ", answer.GetProperty("without_meter").EnumerateArray()),
            ]]);
    }
}
