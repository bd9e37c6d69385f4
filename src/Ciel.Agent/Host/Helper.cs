using System.Diagnostics;

namespace Ciel.Agent.Host;

/// <summary>How this program starts itself as a helper.</summary>
internal static class Helper
{
    /// <summary>
    /// The command. The runtime's diagnostics stay off: its sockets in the directory for temporary files would outlive a launcher, which
    /// never ends but becomes another program.
    /// </summary>
    public static ProcessStartInfo Command(string self, params IReadOnlyList<string> arguments) =>
        new(self, ["helper", .. arguments]) { Environment = { ["DOTNET_EnableDiagnostics"] = "0" } };
}
