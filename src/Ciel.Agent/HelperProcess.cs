using Ciel.Agent.Host;

namespace Ciel.Agent;

/// <summary>
/// The same program as a small helper: <c>ciel helper NAME …</c>. A helper does what the agent's own process must not, such as
/// entering a tenant's namespace. Dispatched before anything else of the program is touched, so that it starts fast.
/// </summary>
public static class HelperProcess
{
    /// <summary>Runs the helper that the first argument names; answers the exit code (64 for one that does not exist).</summary>
    public static int Run(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args switch
        {
            ["launch", var spec] => Launcher.Run(spec),
            [NetnsBroker.Name, var socket] => NetnsBroker.Run(socket),
            _ => Unknown(args),
        };
    }

    private static int Unknown(string[] args)
    {
        Console.Error.WriteLine($"ciel helper: no such helper: {string.Join(' ', args)}");
        return 64;
    }
}
