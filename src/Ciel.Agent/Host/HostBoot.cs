namespace Ciel.Agent.Host;

/// <summary>Tells one boot of the host from another.</summary>
internal static class HostBoot
{
    /// <summary>The kernel's id for this boot.</summary>
    public static string Id() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
