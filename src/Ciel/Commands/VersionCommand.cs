using System.CommandLine;
using System.Reflection;

namespace Ciel.Commands;

/// <summary>`ciel version`.</summary>
internal static class VersionCommand
{
    /// <summary>Such as 0.1.0.</summary>
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Command Make(Globals globals)
    {
        var command = new Command("version", "Print the program's version.");
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(globals.Json))
            {
                Output.Json(new { version = Version });
            }
            else
            {
                Console.WriteLine(Version);
            }
        });
        return command;
    }
}
