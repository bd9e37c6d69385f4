using System.CommandLine;
using System.Globalization;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel status`: does it run, and what runs in it.</summary>
internal static class StatusCommand
{
    public static Command Make(Globals globals)
    {
        var command = new Command("status", "Say whether Ciel runs, and what runs in it.");
        command.SetAction(async (parsed, cancel) =>
        {
            var options = globals.Known(parsed);
            var lines = await Lines(options, cancel);
            if (parsed.GetValue(globals.Json))
            {
                Output.Json(lines.ToDictionary(l => l[0], l => l[1]));
            }
            else
            {
                Output.Table(false, ["what", "now"], lines);
            }

            return lines[0][1] == "running" ? 0 : 3;
        });
        return command;
    }

    private static async Task<IReadOnlyList<IReadOnlyList<string>>> Lines(CielOptions options, CancellationToken cancel)
    {
        if (!await CloudClient.Healthy(options, cancel))
        {
            return [["state", DownCommand.Running(options) is null ? "stopped" : "starting or stuck"], ["log", Instance.LogFile(options)]];
        }

        using var cloud = await CloudClient.Login(options, cancel);
        var servers = (await cloud.Get("/compute/v2.1/servers/detail?all_tenants=1", cancel)).GetProperty("servers").EnumerateArray();
        var byStatus = servers.GroupBy(s => s.GetProperty("status").GetString()!).OrderBy(g => g.Key).Select(g => $"{g.Count()} {g.Key}").ToArray();
        var nodes = (await cloud.Get("/compute/v2.1/os-hypervisors/detail", cancel)).GetProperty("hypervisors").EnumerateArray()
            .Select(n => $"{n.GetProperty("hypervisor_hostname").GetString()} {n.GetProperty("state").GetString()}");
        var pid = DownCommand.Running(options) ?? 0;
        return
        [
            ["state", "running"],
            ["cloud door", Instance.Url(options)],
            ["objects door", Instance.ObjectsUrl(options)],
            ["process", pid.ToString(CultureInfo.InvariantCulture)],
            ["memory", Memory(pid)],
            ["nodes", string.Join(", ", nodes)],
            ["servers", byStatus.Length == 0 ? "none" : string.Join(", ", byStatus)],
            ["admin's password", options.PasswordFile],
            ["store", options.Postgres is null ? "SQLite in " + options.Data : "PostgreSQL"],
            ["log", Instance.LogFile(options)],
        ];
    }

    private static string Memory(int pid)
    {
        var status = $"/proc/{pid}/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)) : null;
        return line is null ? "?" : line["VmRSS:".Length..].Trim();
    }
}
