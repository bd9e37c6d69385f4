using System.CommandLine;
using Ciel.Simulation;

namespace Ciel.Commands;

/// <summary>`ciel sim`: the whole controller under simulated disasters, repeatable by its seed.</summary>
internal static class SimCommand
{
    public static Command Make(Globals globals)
    {
        var seed = new Option<int>("--seed") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var seeds = new Option<int>("--seeds") { Description = "How many seeds, one after the other.", DefaultValueFactory = _ => 1 };
        var plant = new Option<string?>("--plant") { Description = "Plant a bug that must be caught: `fence` (nodes obey stale calls) or `guard` (lost leases commit)." };
        plant.AcceptOnlyFromAmong("fence", "guard");
        var verbose = new Option<bool>("--verbose") { Description = "Print each event." };
        var command = new Command("sim", "Run controllers and nodes through lost messages, pauses and kills on virtual time, and check the promises.") { seed, seeds, plant, verbose };
        command.SetAction(async (parsed, cancel) =>
        {
            var results = new List<SimResult>();
            await using var template = await SimTemplate.Make();
            for (var i = 0; i < parsed.GetValue(seeds) && !cancel.IsCancellationRequested; i++)
            {
                var options = new SimOptions(parsed.GetValue(seed) + i, parsed.GetValue(plant) != "fence", parsed.GetValue(plant) != "guard");
                var result = await SimRun.Of(options, template, parsed.GetValue(verbose) ? Console.Write : null);
                results.Add(result);
                if (!parsed.GetValue(globals.Json))
                {
                    Console.WriteLine($"seed {result.Seed}  {result.Hash}  {result.Servers} servers, {result.Runs} runs  {(result.Broken.Count == 0 ? "promises hold" : string.Join("; ", result.Broken))}");
                }
            }

            if (parsed.GetValue(globals.Json))
            {
                Output.Json(results);
            }

            return results.All(r => r.Broken.Count == 0) ? 0 : 1;
        });
        return command;
    }
}
