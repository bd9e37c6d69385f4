using System.CommandLine;
using System.Diagnostics;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel up`: starts the program detached, waits until its doors are open, boots a first machine and says what to do next.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Make(Globals globals, TimeProvider time)
    {
        var start = new StartOptions();
        var bare = new Option<bool>("--bare") { Description = "Start no first machine." };
        var command = new Command("up", "Start Ciel in the background; on a new cloud, boot a first machine.") { bare };
        start.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var options = start.Read(globals, parsed);
            var begun = time.GetTimestamp();
            Instance.Save(options);
            var running = DownCommand.Running(options) is not null;
            if (await CloudClient.Healthy(options, cancel) != running)
            {
                throw new UserErrorException(running
                    ? $"Ciel runs but does not answer at {Instance.Url(options)}. `ciel down` stops it; its log is {Instance.LogFile(options)}."
                    : $"Another program already answers at {Instance.Url(options)}. Choose other ports with --port-base.");
            }

            if (running)
            {
                Console.WriteLine("Ciel runs already.");
            }
            else
            {
                await StartDetached(options, start.Simulated(parsed), time, cancel);
            }

            Console.WriteLine($"Ciel answers at {Instance.Url(options)} after {time.GetElapsedTime(begun).TotalSeconds:0.0} s.");
            var machine = parsed.GetValue(bare) || start.Simulated(parsed) > 0 ? null : await FirstMachine.Ensure(options, time, cancel);
            SayWhatNext(options, machine, time.GetElapsedTime(begun));
        });
        return command;
    }

    private static async Task StartDetached(CielOptions options, int simulate, TimeProvider time, CancellationToken cancel)
    {
        await PrivateFile.Open(Instance.LogFile(options), FileMode.Append).DisposeAsync();

        // setsid and files instead of pipes: the program must not end with this terminal, nor block on it.
        string[] serve = [Environment.ProcessPath!, "serve", "--data", options.Data, "--name", options.Name, "--simulate", $"{simulate}"];
        var shell = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "log=$1; shift; setsid \"$@\" >>\"$log\" 2>&1 </dev/null &", "sh", Instance.LogFile(options) } };
        foreach (var argument in serve)
        {
            shell.ArgumentList.Add(argument);
        }

        using (var process = Process.Start(shell)!)
        {
            await process.WaitForExitAsync(cancel);
        }

        var begun = time.GetTimestamp();
        while (!await CloudClient.Healthy(options, cancel))
        {
            if (time.GetElapsedTime(begun) > Patience)
            {
                throw new UserErrorException($"Ciel did not open its doors within {Patience.TotalSeconds} s. The reason is at the end of {Instance.LogFile(options)}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancel);
        }
    }

    private static void SayWhatNext(CielOptions options, FirstMachine.Booted? machine, TimeSpan took)
    {
        var self = Environment.GetEnvironmentVariable("CIEL_COMMAND") ?? "./ciel";
        var instance = options.Data == "/var/lib/ciel" ? "" : $" --data {options.Data}";
        Console.WriteLine();
        if (machine is not null)
        {
            Console.WriteLine($"The first machine runs at {machine.Address} ({took.TotalSeconds:0} s from the start).");
        }

        Console.WriteLine($"""
            cloud door   {Instance.Url(options)}   (OpenStack APIs; user admin)
            password     in {options.PasswordFile}
            log          {Instance.LogFile(options)}

            Next:
            """);
        if (machine is not null)
        {
            Console.WriteLine($"  ssh -i {machine.KeyFile} root@{machine.Address}");
        }

        var missing = HasClient() ? "" : "   # needs: apt install python3-openstackclient";
        Console.WriteLine($"  eval \"$({self} env{instance})\" && openstack server list{missing}");
        Console.WriteLine($"  {self} usage{instance}");
    }

    private static bool HasClient() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, "openstack")));
}
