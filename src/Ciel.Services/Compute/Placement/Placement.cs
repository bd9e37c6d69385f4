namespace Ciel.Services.Compute;

/// <summary>What a server needs of a node.</summary>
/// <param name="Vcpus">Virtual processors.</param>
/// <param name="MemoryMib">Memory.</param>
/// <param name="DiskGib">Disk.</param>
/// <param name="Zone">The zone asked for; empty for any.</param>
/// <param name="Host">The only node that will do; null for any.</param>
/// <param name="Only">Beside these only; null for anywhere.</param>
/// <param name="Never">On none of these.</param>
/// <param name="Rather">Where it should rather be (positive) or not (negative), by node.</param>
internal sealed record PlacementWish(
    int Vcpus,
    int MemoryMib,
    int DiskGib,
    string Zone,
    string? Host,
    IReadOnlySet<string>? Only,
    IReadOnlySet<string> Never,
    IReadOnlyDictionary<string, int> Rather);

/// <summary>Chooses a node: pure.</summary>
internal static class Placement
{
    /// <summary>The emptiest node that has room and meets the wish; null where none does. Equal ones go by name.</summary>
    public static HostRow? Pick(IEnumerable<HostRow> hosts, PlacementWish wish, ComputeOptions options) => hosts
        .Where(h => h.Alive && !h.Disabled && Suits(h, wish) && HasRoom(h, wish.Vcpus, wish.MemoryMib, wish.DiskGib, options))
        .OrderByDescending(h => wish.Rather.GetValueOrDefault(h.Name))
        .ThenByDescending(h => FreeShare(h, options))
        .ThenBy(h => h.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Whether so much more fits on the node.</summary>
    public static bool HasRoom(HostRow host, long vcpus, long memoryMib, long diskGib, ComputeOptions options) =>
        host.UsedVcpus + vcpus <= host.Facts.Vcpus * options.CpuRatio
        && host.UsedMemoryMib + memoryMib <= host.Facts.MemoryMiB * options.MemoryRatio
        && host.UsedDiskGib + diskGib <= host.Facts.DiskGiB * options.DiskRatio;

    private static bool Suits(HostRow host, PlacementWish wish) =>
        (wish.Zone.Length == 0 || wish.Zone == host.Zone)
        && (wish.Host is null || wish.Host == host.Name)
        && (wish.Only is null || wish.Only.Contains(host.Name))
        && !wish.Never.Contains(host.Name);

    // The scarcer of memory and processors decides how empty a node is.
    private static double FreeShare(HostRow host, ComputeOptions options) => Math.Min(
        1 - (host.UsedMemoryMib / Math.Max(1, host.Facts.MemoryMiB * options.MemoryRatio)),
        1 - (host.UsedVcpus / Math.Max(1, host.Facts.Vcpus * options.CpuRatio)));
}
