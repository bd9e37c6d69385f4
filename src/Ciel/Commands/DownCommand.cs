using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel down`: stops the program; machines go on unless they are to stop too.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Make(Globals globals, TimeProvider time)
    {
        var machines = new Option<bool>("--machines") { Description = "Stop all machines first. Without it they go on running, and `ciel up` finds them again." };
        var command = new Command("down", "Stop Ciel.") { machines };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = globals.Known(parsed);
            if (parsed.GetValue(machines))
            {
                await StopMachines(options, time, cancel);
            }

            await StopProgram(options, time, cancel);
        });
        return command;
    }

    private static async Task StopMachines(CielOptions options, TimeProvider time, CancellationToken cancel)
    {
        using var cloud = await CloudClient.Login(options, cancel);
        var begun = time.GetTimestamp();
        var asked = new HashSet<string>();
        while (time.GetElapsedTime(begun) < 2 * Patience)
        {
            var active = (await cloud.Get("/compute/v2.1/servers?all_tenants=1&status=ACTIVE", cancel)).GetProperty("servers");
            if (active.GetArrayLength() == 0)
            {
                return;
            }

            foreach (var id in active.EnumerateArray().Select(s => s.GetProperty("id").GetString()!).Where(asked.Add))
            {
                await cloud.Post($"/compute/v2.1/servers/{id}/action", new Dictionary<string, object?> { ["os-stop"] = null }, cancel);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancel);
        }

        throw new UserErrorException("Some machines did not stop. `openstack server list --all-projects` shows which.");
    }

    private static async Task StopProgram(CielOptions options, TimeProvider time, CancellationToken cancel)
    {
        if (Running(options) is not { } pid)
        {
            Console.WriteLine("Ciel does not run.");
            return;
        }

        using (var process = Process.Start(new ProcessStartInfo("kill", ["-TERM", pid.ToString(CultureInfo.InvariantCulture)]))!)
        {
            await process.WaitForExitAsync(cancel);
        }

        var begun = time.GetTimestamp();
        while (Running(options) is not null)
        {
            if (time.GetElapsedTime(begun) > Patience)
            {
                throw new UserErrorException($"Ciel (process {pid}) does not stop. Its log is {Instance.LogFile(options)}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancel);
        }

        Console.WriteLine("Ciel has stopped.");
    }

    /// <summary>The process of the running program; null where none runs. The lock tells, because a pid may be another's by now.</summary>
    internal static int? Running(CielOptions options)
    {
        using var free = InstanceLock.TryTake(options);
        return free is null && File.Exists(Instance.PidFile(options)) ? int.Parse(File.ReadAllText(Instance.PidFile(options)), CultureInfo.InvariantCulture) : null;
    }
}
