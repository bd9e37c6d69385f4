using System.Globalization;

namespace Ciel.Agent.Host;

/// <summary>Tells one boot of the host from another, and how it does since.</summary>
internal static class HostBoot
{
    /// <summary>The kernel's id for this boot.</summary>
    public static string Id() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>When it was, µs UTC.</summary>
    public static long AtMicros() => 1_000_000 * long.Parse(
        File.ReadLines("/proc/stat").First(line => line.StartsWith("btime ", StringComparison.Ordinal))[6..], CultureInfo.InvariantCulture);

    /// <summary>The load averages of the last 1, 5 and 15 minutes.</summary>
    public static string Load() => string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ')[..3]);
}
