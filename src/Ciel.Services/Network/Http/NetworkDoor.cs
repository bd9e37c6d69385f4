using System.Text.RegularExpressions;
using Ciel.Core.Http;

namespace Ciel.Services.Network;

/// <summary>Where the network API is found and how it words what it refuses (Networking API v2.0).</summary>
internal static partial class NetworkDoor
{
    public static readonly ServiceDoor Door = new("network", "/network", FaultBodies.Neutron)
    {
        Lenient = true,
        InputWords = Words,
    };

    private static string Words(string path, string value, string problem)
    {
        if (RequiredProperty().Match(problem) is { Success: true } missing)
        {
            return $"Failed to parse request. Required attribute '{missing.Groups[1].Value}' not specified";
        }

        return UnknownProperty().Match(problem) is { Success: true } unknown
            ? $"Unrecognized attribute(s) '{unknown.Groups[1].Value}'"
            : $"Invalid input for {path}. Reason: {problem}.";
    }

    [GeneratedRegex("^'(.*)' is a required property\\z", RegexOptions.CultureInvariant)]
    private static partial Regex RequiredProperty();

    [GeneratedRegex(@"^Additional properties are not allowed \('?(.*?)'? (?:was|were) unexpected\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownProperty();
}
