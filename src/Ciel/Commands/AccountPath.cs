using System.CommandLine;

namespace Ciel.Commands;

/// <summary>An account on the command line, and its routes.</summary>
internal static class AccountPath
{
    /// <summary>The account that a command is about.</summary>
    public static Argument<string> Id() => new("id") { Description = "The account's id; `ciel account list` shows them." };

    /// <summary>Where it lies at the door of bills.</summary>
    public static string Of(string id) => "/billing/v1/accounts/" + Uri.EscapeDataString(id);
}
