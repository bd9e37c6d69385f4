using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Compute;

/// <summary>Joins the nodes with what compute knows of them.</summary>
internal sealed class HostBook(INodes nodes)
{
    public async Task<IReadOnlyList<HostRow>> All(Reader reader)
    {
        var used = (await reader.Query<UsedRow>(
            """
            SELECT node, COALESCE(CAST(SUM(vcpus) AS bigint), 0) AS vcpus, COALESCE(CAST(SUM(memory_mib) AS bigint), 0) AS memory_mib,
                COALESCE(CAST(SUM(disk_gib + extra_gib) AS bigint), 0) AS disk_gib, COUNT(*) AS servers
            FROM compute_server WHERE node IS NOT NULL AND deleted_at IS NULL GROUP BY node
            """)).ToDictionary(u => u.Node);
        var settings = (await reader.Query<HostSetting>("SELECT * FROM compute_host_setting")).ToDictionary(s => s.Host);
        var zones = await AggregateStore.Zones(reader);
        var all = await nodes.List(reader);
        var numbers = all.OrderBy(n => n.CreatedAt).ThenBy(n => n.Id, StringComparer.Ordinal).Select((n, i) => (n.Id, i + 1)).ToDictionary();
        return [.. all.Select(n => Join(n, numbers[n.Id], used.GetValueOrDefault(n.Facts.Name), settings.GetValueOrDefault(n.Facts.Name), zones))];
    }

    private static HostRow Join(NodeInfo node, int number, UsedRow? used, HostSetting? setting, IReadOnlyDictionary<string, string> zones) => new()
    {
        Number = number,
        Id = node.Id,
        Facts = node.Facts,
        Up = node.Up,
        Disabled = setting?.Disabled ?? false,
        DisabledReason = setting?.DisabledReason,
        ForcedDown = setting?.ForcedDown ?? false,
        Zone = zones.GetValueOrDefault(node.Facts.Name, Zones.Default),
        UsedVcpus = used?.Vcpus ?? 0,
        UsedMemoryMib = used?.MemoryMib ?? 0,
        UsedDiskGib = used?.DiskGib ?? 0,
        Servers = used?.Servers ?? 0,
        UpdatedAt = Math.Max(node.SeenAt, setting?.UpdatedAt ?? 0),
    };

    private sealed record UsedRow(string Node, long Vcpus, long MemoryMib, long DiskGib, int Servers);
}

/// <summary>What an administrator said about a node.</summary>
internal sealed record HostSetting(string Host, bool Disabled, string? DisabledReason, bool ForcedDown, long UpdatedAt);

/// <summary>Availability zones.</summary>
internal static class Zones
{
    /// <summary>The zone of nodes that no aggregate puts into another.</summary>
    public const string Default = "nova";

    /// <summary>The zone of services that are no compute nodes.</summary>
    public const string Internal = "internal";
}
