using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel serve`: the program in the foreground, as a service manager runs it.</summary>
internal static class ServeCommand
{
    public static Command Make(Globals globals, TimeProvider time)
    {
        var start = new StartOptions();
        var command = new Command("serve", "Run in the foreground until SIGTERM; machines go on running after it.");
        start.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var options = start.Read(globals, parsed);
            Instance.Save(options);
            var nodes = start.Simulated(parsed) is > 0 and var n ? NodeMakers.Simulated(n, time) : NodeMakers.ThisHost(options, time);
            await Serve(options, RealSetting.With(time), nodes, cancel);
        });
        return command;
    }

    private static async Task Serve(CielOptions options, Setting setting, IReadOnlyList<NodeMaker> nodes, CancellationToken cancel)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, stop));
        using var only = InstanceLock.Take(options);
        // Before the doors open: whoever finds them open finds the process, too.
        await File.WriteAllTextAsync(Instance.PidFile(options), Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancel);
        await using var host = await CielHost.Start(options, setting, nodes, cancel);
        Console.WriteLine($"The cloud door is open at {host.Url}");
        // The command line cancels at the same signal; that is the same wish, no failure.
        using var cancelled = cancel.Register(() => stop.TrySetResult());
        await stop.Task;
        File.Delete(Instance.PidFile(options));
    }

    private static void Stop(PosixSignalContext context, TaskCompletionSource stop)
    {
        context.Cancel = true;
        stop.TrySetResult();
    }
}
