using System.CommandLine;
using Ciel.Core.Blobs;
using Ciel.Core.Host;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel objects`: the bytes that images and objects are made of.</summary>
internal static class ObjectsCommand
{
    public static Command Make(Globals globals, TimeProvider time) => new("objects", "Look after the bytes of images and objects.") { Fsck(globals, time), TargetCommand.Make(globals, time) };

    private static Command Fsck(Globals globals, TimeProvider time)
    {
        var quick = new Option<bool>("--quick") { Description = "Compare rows with files only; leave the bytes unread." };
        var command = new Command("fsck", "Compare rows with bytes both ways and verify all checksums; may run while Ciel runs. Answers 1 where something is wrong.") { quick };
        command.SetAction(async (parsed, cancel) =>
        {
            var (json, unread) = (parsed.GetValue(globals.Json), parsed.GetValue(quick));
            var problems = await Check(globals.Known(parsed), unread, time, cancel);
            if (problems.Count == 0 && !json)
            {
                Console.WriteLine(unread ? "Rows and bytes agree; no checksum was looked at." : "Rows and bytes agree, and every checksum holds.");
                return 0;
            }

            Output.Table(json, ["service", "problem", "blob", "what follows"], [.. problems.Select(p => (string[])[p.Service, p.Kind, p.Id, p.What])]);
            return problems.Count == 0 ? 0 : 1;
        });
        return command;
    }

    internal static async Task<List<BlobProblem>> Check(CielOptions options, bool quick, TimeProvider time, CancellationToken cancel)
    {
        var problems = new List<BlobProblem>();
        await using var db = StoreOpener.Open(options, new Setting(time, SeededChance.New(), new SystemSecrets()));
        foreach (var blobs in BlobHealth.Inspections(options, time))
        {
            await foreach (var problem in blobs.Check(db, quick, Show, cancel))
            {
                problems.Add(problem);
            }
        }

        return problems;
    }

    private static void Show(CheckProgress progress)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{progress.Service}: {progress.Shard * 100 / progress.Shards,3} %, {progress.Blobs} blobs, {progress.Bytes} bytes{(progress.Shard == progress.Shards ? "\n" : "")}");
        }
    }
}
