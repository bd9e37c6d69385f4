using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>What may be a version's id, here or at another S3: a client that names something else has not mistaken the version but the parameter.</summary>
internal static class VersionIds
{
    private const int Shortest = 24;

    /// <exception cref="S3Fault">400 for what is no version's id anywhere.</exception>
    public static void Require(string? version)
    {
        if (version is not (null or "null") && (version.Length < Shortest || !version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+')))
        {
            throw Faults.InvalidArgument("versionId", version, version.Length == 0 ? "Version id cannot be the empty string" : "Invalid version id specified");
        }
    }
}
