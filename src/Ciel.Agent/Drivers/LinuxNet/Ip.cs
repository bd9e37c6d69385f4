using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>Runs commands in network namespaces, without this process ever entering one.</summary>
internal static class Ip
{
    private const string Namespaces = "/run/netns";

    public static bool Exists(string ns) => File.Exists(Path.Combine(Namespaces, ns));

    /// <summary>Names of all namespaces on the host.</summary>
    public static IReadOnlyList<string> All() => Directory.Exists(Namespaces)
        ? [.. Directory.EnumerateFiles(Namespaces).Select(path => Path.GetFileName(path))]
        : [];

    public static Task Add(string ns, CancellationToken cancel) => Command.Run("ip", ["netns", "add", ns], cancel);

    public static async Task Delete(string ns, CancellationToken cancel)
    {
        if (Exists(ns))
        {
            await Command.Run("ip", ["netns", "delete", ns], cancel);
        }
    }

    public static async Task<Dictionary<string, Link>> Links(string ns, CancellationToken cancel) =>
        Link.ParseAll(await Command.Run("ip", ["-n", ns, "-json", "address"], cancel));

    /// <summary>Runs lines of <c>ip</c>; stops at the first that fails.</summary>
    public static async Task Batch(string ns, IReadOnlyList<string> lines, CancellationToken cancel)
    {
        if (lines.Count > 0)
        {
            await Command.Run("ip", ["-n", ns, "-batch", "-"], cancel, string.Join('\n', lines) + "\n");
        }
    }

    /// <summary>Sets kernel parameters of the namespace; those that this kernel lacks are left.</summary>
    public static Task Sysctl(string ns, IEnumerable<string> settings, CancellationToken cancel) =>
        Command.Run("ip", ["netns", "exec", ns, "sysctl", "-e", "-q", "-w", .. settings], cancel);

    public static Task Nft(string ns, string ruleset, CancellationToken cancel) =>
        Command.Run("ip", ["netns", "exec", ns, "nft", "-f", "-"], cancel, ruleset);
}
