using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>Keeps <see cref="NetObjectState"/> in an object's directory.</summary>
internal static class NetState
{
    /// <summary>Reads it; null when there is none.</summary>
    public static NetObjectState? Read(string directory) => Files.ReadJson(FileOf(directory), NetJson.Default.NetObjectState);

    /// <summary>Writes it, and makes the directory if need be.</summary>
    public static void Write(string directory, NetObjectState state)
    {
        Directory.CreateDirectory(directory);
        Files.WriteJson(FileOf(directory), state, NetJson.Default.NetObjectState);
    }

    /// <summary>Where an object's directory is.</summary>
    public static string DirectoryOf(string root, string name) =>
        Path.Combine(root, $"{ObjectName.Kind(name)}-{ObjectName.Id(name)}");

    /// <summary>Names of the objects that have a directory, networks first: routers stand on them.</summary>
    public static IReadOnlyList<string> Names(string root) => Directory.Exists(root)
        ? [.. Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Select(NameOf)]
        : [];

    private static string NameOf(string directory)
    {
        var dash = directory.IndexOf('-', StringComparison.Ordinal);
        return $"{directory[..dash]}/{directory[(dash + 1)..]}";
    }

    private static string FileOf(string directory) => Path.Combine(directory, "state.json");
}
