using System.CommandLine;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>The options that every command takes: which instance is meant, and how to print.</summary>
internal sealed class Globals
{
    public Option<string> Name { get; } = new("--name")
    {
        Description = "The instance's name: 1 to 8 lower-case letters or digits. Data and secrets then lie in /var/lib/NAME and /etc/NAME.",
        DefaultValueFactory = _ => "ciel",
        Recursive = true,
    };

    public Option<string?> Data { get; } = new("--data") { Description = "Where state and bytes lie.", Recursive = true };

    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON for machines.", Recursive = true };

    /// <summary>The instance's directory.</summary>
    public string DataOf(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(Data) ?? "/var/lib/" + NameOf(parsed));

    /// <summary>The instance that the command means; refuses one that was never started.</summary>
    public CielOptions Known(ParseResult parsed) => Instance.Load(DataOf(parsed))
        ?? throw new UserErrorException($"There is no Ciel in {DataOf(parsed)}. Start one with `ciel up`, or say where it is with --data.");

    /// <summary>The name, checked.</summary>
    public string NameOf(ParseResult parsed)
    {
        var name = parsed.GetValue(Name)!;
        return name.Length is >= 1 and <= 8 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            ? name
            : throw new UserErrorException($"'{name}' cannot be an instance's name: use 1 to 8 lower-case letters or digits.");
    }
}

/// <summary>The user can mend this: the message says how. Printed without a trace.</summary>
internal sealed class UserErrorException(string message) : Exception(message);
