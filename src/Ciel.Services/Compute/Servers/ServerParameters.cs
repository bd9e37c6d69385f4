using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>The query parameters that lists of servers know.</summary>
internal static class ServerParameters
{
    private static readonly HashSet<string> Known =
    [
        "access_ip_v4", "access_ip_v6", "all_tenants", "auto_disk_config", "availability_zone", "config_drive", "created_at", "deleted", "description",
        "flavor", "host", "hostname", "image", "ip", "ip6", "kernel_id", "key_name", "launch_index", "launched_at", "locked_by", "name", "node",
        "power_state", "progress", "project_id", "ramdisk_id", "reservation_id", "root_device_name", "soft_deleted", "status", "task_state",
        "tenant_id", "terminated_at", "user_id", "uuid", "vm_state", "marker", "limit", "sort_key", "sort_dir", "changes-since",
        "changes-before", "tags", "tags-any", "not-tags", "not-tags-any", "locked", "is_public", "block_device_mapping", "services", "metadata",
        "system_metadata", "info_cache", "instance_type_id", "display_description",
    ];

    /// <summary>Field of the API to column, for sorting. NULL sorts as the least.</summary>
    public static IReadOnlyDictionary<string, Column> Columns { get; } = new Dictionary<string, Column>
    {
        ["created_at"] = new("created_at", ColumnType.Number),
        ["updated_at"] = new("updated_at", ColumnType.Number),
        ["launched_at"] = new("COALESCE(launched_at, 0)", ColumnType.Number),
        ["terminated_at"] = new("COALESCE(terminated_at, 0)", ColumnType.Number),
        ["display_name"] = new("name"),
        ["name"] = new("name"),
        ["display_description"] = new("COALESCE(description, '')"),
        ["hostname"] = new("host_name"),
        ["host"] = new("COALESCE(node, '')"),
        ["node"] = new("COALESCE(node, '')"),
        ["image_ref"] = new("image_id"),
        ["instance_type_id"] = new("flavor_id"),
        ["key_name"] = new("COALESCE(key_name, '')"),
        ["power_state"] = new("power_state", ColumnType.Number),
        ["progress"] = new("power_state", ColumnType.Number),
        ["project_id"] = new("project_id"),
        ["task_state"] = new("COALESCE(task_state, '')"),
        ["user_id"] = new("user_id"),
        ["uuid"] = new("id"),
        ["vm_state"] = new("vm_state"),
        ["availability_zone"] = new("zone"),
        ["access_ip_v4"] = new("access_ip_v4"),
        ["access_ip_v6"] = new("access_ip_v6"),
        ["launch_index"] = new("launch_index", ColumnType.Number),
        ["locked"] = new("COALESCE(locked_by, '')"),
        ["config_drive"] = new("id"),
        ["root_device_name"] = new("id"),
        ["auto_disk_config"] = new("disk_config"),
    };

    /// <summary>Refuses a parameter that nobody knows, from the version that does.</summary>
    public static void Check(Call call)
    {
        var unknown = call.Version >= 75 ? call.Http.Request.Query.Keys.Where(k => !Known.Contains(k)).ToArray() : [];
        if (unknown.Length > 0)
        {
            throw Fault.BadRequest($"Invalid input for query parameters. Additional properties are not allowed ('{unknown[0]}' was unexpected)");
        }

        if (call.Http.Request.Query["all_tenants"].Count > 1)
        {
            throw Fault.BadRequest("Invalid input for query parameters all_tenants: it is given more than once.");
        }
    }

    /// <summary>Adds the sort keys asked for; newest first without any.</summary>
    public static void Sort(Call call, ListQuery query)
    {
        var keys = call.Http.Request.Query["sort_key"];
        var directions = call.Http.Request.Query["sort_dir"];
        if (keys.Count == 0)
        {
            query.Sort("created_at", Descends(directions.Count > 0 ? directions[0] : null));
        }

        for (var i = 0; i < keys.Count; i++)
        {
            query.Sort(keys[i] ?? "", Descends(i < directions.Count ? directions[i] : null));
        }
    }

    private static bool Descends(string? direction) => direction switch
    {
        null or "" or "desc" => true,
        "asc" => false,
        _ => throw Fault.BadRequest($"Invalid input for query parameters sort_dir. Value: {direction}. '{direction}' is not one of ['asc', 'desc']"),
    };
}
