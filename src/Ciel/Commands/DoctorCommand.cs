using System.CommandLine;
using System.Globalization;
using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel doctor`: what this host has, and which keepers are stuck.</summary>
internal static class DoctorCommand
{
    public static Command Make(Globals globals, TimeProvider time)
    {
        var command = new Command("doctor", "Say plainly what this host has and lacks, and what follows from it.") { Keepers(globals, time) };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = Instance.Load(globals.DataOf(parsed)) ?? new CielOptions();
            IEnumerable<NodeFeature> features = [.. await NodeMakers.Detect(options, time, cancel), .. await StoreHealth.Look(options, time), .. await BlobHealth.Look(options, time, cancel)];
            Output.Table(
                parsed.GetValue(globals.Json),
                ["feature", "there", "what follows"],
                [.. features.Select(f => (string[])[f.Name, f.Present ? "yes" : "NO", f.Detail])]);
        });
        return command;
    }

    private static Command Keepers(Globals globals, TimeProvider time)
    {
        var all = new Option<bool>("--all") { Description = "Also those that are well." };
        var command = new Command("keepers", "Show operations that are stuck: step, attempt, age, last error, how to mend.") { all };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var db = StoreOpener.Open(globals.Known(parsed), RealSetting.With(time));
            var now = await db.Now(cancel);
            var rows = await db.Read(KeeperReport.All, cancel);
            Output.Table(
                parsed.GetValue(globals.Json),
                ["kind", "id", "step", "attempt", "age", "last error", "how to mend"],
                [.. rows.Where(k => parsed.GetValue(all) || k.Attempt > 0).Select(k => (string[])[
                    k.Kind, k.Id, k.Step, k.Attempt.ToString(CultureInfo.InvariantCulture), Age(now - k.CreatedAt), k.LastError ?? "", KeeperReport.Advice(k)])]);
        });
        return command;
    }

    private static string Age(long micros) => TimeSpan.FromMicroseconds(micros) switch
    {
        { TotalDays: >= 1 } span => $"{span.TotalDays:0.0} d",
        { TotalHours: >= 1 } span => $"{span.TotalHours:0.0} h",
        { TotalMinutes: >= 1 } span => $"{span.TotalMinutes:0.0} min",
        var span => $"{span.TotalSeconds:0} s",
    };
}
