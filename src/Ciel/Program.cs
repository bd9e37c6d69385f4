using Ciel.Commands;

// Helpers first: they must start fast and touch nothing else of the program.
if (args is ["helper", ..])
{
    return Ciel.Agent.HelperProcess.Run(args[1..]);
}

#pragma warning disable RS0030 // The program's one clock begins here; everything else is handed it.
return await CommandLine.Run(args, TimeProvider.System);
#pragma warning restore RS0030
