using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel` and its subcommands.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line; answers the exit code.</summary>
    public static async Task<int> Run(string[] args, TimeProvider time)
    {
        var globals = new Globals();
        var root = new RootCommand("Ciel, a whole cloud in one program. `ciel up` starts it; `eval \"$(ciel env)\"` readies a shell for `openstack`.")
        {
            globals.Name,
            globals.Data,
            globals.Json,
            UpCommand.Make(globals, time),
            DownCommand.Make(globals, time),
            ServeCommand.Make(globals, time),
            StatusCommand.Make(globals),
            DoctorCommand.Make(globals, time),
            EnvCommand.Make(globals),
            UsageCommand.Make(globals, time),
            PriceCommand.Make(globals),
            InvoiceCommand.Make(globals),
            AccountCommand.Make(globals),
            CouponCommand.Make(globals),
            EntityCommand.Make(globals),
            FocusCommand.Make(globals),
            BudgetCommand.Make(globals),
            ClockCommand.Make(globals, time),
            PaymentsCommand.Make(globals),
            UserCommand.Make(globals, time),
            ProjectCommand.Make(globals),
            ImagesCommand.Make(globals),
            ObjectsCommand.Make(globals, time),
            BackupCommand.Make(globals, time),
            RestoreCommand.Make(globals, time),
            KeyCommand.Make(globals, time),
            SimCommand.Make(globals),
            VersionCommand.Make(globals),
        };
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }
        catch (Exception e) when (e is UserErrorException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("ciel: " + e.Message);
            return 1;
        }
    }
}
