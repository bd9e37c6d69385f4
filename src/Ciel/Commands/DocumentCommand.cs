using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel invoice pdf` and `ciel invoice xml`: an invoice as a file.</summary>
internal static class DocumentCommand
{
    /// <param name="globals">What all commands know.</param>
    /// <param name="format">pdf or xml.</param>
    public static Command Make(Globals globals, string format)
    {
        var number = new Argument<string>("number") { Description = "The invoice's number." };
        var output = new Option<string?>("--output", "-o") { Description = $"Where to; left out: NUMBER.{format} here. `-` writes to standard output." };
        var command = new Command(format, format == "pdf" ? "Get an invoice as PDF, with the e-invoice in it (Factur-X)." : "Get an invoice as e-invoice (EN 16931, CII).") { number, output };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var name = parsed.GetValue(number)!;
            await Save(cloud, $"/billing/v1/invoices/{Uri.EscapeDataString(name)}.{format}", parsed.GetValue(output) ?? $"{Path.GetFileName(name)}.{format}", cancel);
        });
        return command;
    }

    /// <summary>Saves what the cloud answers to a file that is there whole or not at all; <c>-</c> is standard output.</summary>
    public static async Task Save(CloudClient cloud, string path, string output, CancellationToken cancel)
    {
        if (output == "-")
        {
            await using var console = Console.OpenStandardOutput();
            await cloud.Download(path, console, cancel);
            return;
        }

        var part = output + ".part";
        await using (var file = File.Create(part))
        {
            await cloud.Download(path, file, cancel);
        }

        File.Move(part, output, overwrite: true);
        Console.Error.WriteLine(output);
    }
}
