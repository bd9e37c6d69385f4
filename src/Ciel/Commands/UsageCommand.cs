using System.CommandLine;
using System.Globalization;
using Ciel.Core.Ledger;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel usage`: what ran and what was counted, for whom, from the ledger.</summary>
internal static class UsageCommand
{
    public static Command Make(Globals globals, TimeProvider time)
    {
        var spans = new Option<bool>("--spans") { Description = "Print each span instead of sums." };
        var counts = new Option<bool>("--counts") { Description = "Print what was counted (requests, bytes) by resource and hour instead of sums." };
        var project = new Option<string?>("--project") { Description = "Only this project's id." };
        var command = new Command("usage", "Print what ran and what was counted, per project and meter, from the ledger. An open span counts until now.") { spans, counts, project };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var db = StoreOpener.Open(globals.Known(parsed), RealSetting.With(time));
            var wanted = parsed.GetValue(project);
            var rows = await db.Read(r => UsageReport.Spans(r, wanted), cancel);
            var now = await db.Now(cancel);
            var names = await ProjectNames(globals.Known(parsed), cancel);
            if (parsed.GetValue(spans))
            {
                Output.Table(
                    parsed.GetValue(globals.Json),
                    ["project", "meter", "resource", "quantity", "unit", "opened", "closed", "seconds"],
                    [.. rows.Select(s => (string[])[
                        names.GetValueOrDefault(s.ProjectId, s.ProjectId), s.Meter, s.ResourceId, Number(s.Quantity), s.Unit, Instant(s.OpenedAt),
                        s.ClosedAt is { } at ? Instant(at) : "open", Seconds((s.ClosedAt ?? now) - s.OpenedAt)])]);
                return;
            }

            if (parsed.GetValue(counts))
            {
                Output.Table(
                    parsed.GetValue(globals.Json),
                    ["project", "meter", "resource", "quantity", "unit", "from", "to"],
                    [.. (await db.Read(r => UsageCounts.All(r, wanted), cancel)).Select(c => (string[])[
                        names.GetValueOrDefault(c.ProjectId, c.ProjectId), c.Meter, c.ResourceId, Number(c.Quantity), c.Unit, Instant(c.FromAt), Instant(c.ToAt)])]);
                return;
            }

            var totals = await db.Read(r => UsageCounts.Totals(r, wanted), cancel);
            Output.Table(
                parsed.GetValue(globals.Json),
                ["project", "meter", "unit-seconds", "counted", "unit", "open"],
                [
                    .. UsageReport.Sums(rows, now).Select(s => (string[])[names.GetValueOrDefault(s.ProjectId, s.ProjectId), s.Meter, Seconds(s.UnitMicros), "", s.Unit, Number(s.Open)]),
                    .. totals.Select(t => (string[])[names.GetValueOrDefault(t.ProjectId, t.ProjectId), t.Meter, "", Number(t.Quantity), t.Unit, ""]),
                ]);
        });
        return command;
    }

    // Names are the identity service's: without it, ids must do.
    private static async Task<Dictionary<string, string>> ProjectNames(CielOptions options, CancellationToken cancel)
    {
        if (!await CloudClient.Healthy(options, cancel))
        {
            return [];
        }

        using var cloud = await CloudClient.Login(options, cancel);
        var projects = (await cloud.Get("/identity/v3/projects", cancel)).GetProperty("projects").EnumerateArray();
        return projects.ToDictionary(p => p.GetProperty("id").GetString()!, p => p.GetProperty("name").GetString()!);
    }

    private static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(Int128 micros) => $"{micros / 1_000_000}.{micros % 1_000_000:000000}";

    private static string Instant(long micros) =>
        DateTimeOffset.UnixEpoch.AddMicroseconds(micros).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
