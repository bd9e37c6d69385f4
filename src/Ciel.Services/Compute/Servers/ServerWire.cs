using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>What a view of a server is for: some fields are in some of them only.</summary>
internal enum ServerViewKind
{
    /// <summary>One server, shown.</summary>
    Show,

    /// <summary>One of a list.</summary>
    List,

    /// <summary>The answer to an update.</summary>
    Update,

    /// <summary>The answer to a rebuild.</summary>
    Rebuild,
}

/// <summary>Servers in JSON, fields in Nova's order.</summary>
internal static class ServerWire
{
    public static void WriteBrief(Utf8JsonWriter json, Server server, Call call)
    {
        json.WriteStartObject();
        json.WriteString("id", server.Id);
        json.WriteString("name", server.Name);
        Links.Write(json, call, "servers", server.Id);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields of one server, without the braces.</summary>
    public static void WriteFields(Utf8JsonWriter json, ServerView view, Call call, ServerViewKind kind)
    {
        var version = call.Version;
        var whole = kind is ServerViewKind.Show or ServerViewKind.List || version >= 75;
        WriteBase(json, view, call, whole);
        WriteProgress(json, view, call);
        if (whole)
        {
            WriteExtended(json, view, call, kind);
        }

        WriteByVersion(json, view, call, kind);
        if (whole)
        {
            WriteGroups(json, view.Groups);
        }
    }

    /// <summary>Writes <c>security_groups</c> by name.</summary>
    public static void WriteGroups(Utf8JsonWriter json, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        json.WriteStartArray("security_groups");
        foreach (var name in names)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBase(Utf8JsonWriter json, ServerView view, Call call, bool whole)
    {
        var row = view.Row;
        json.WriteString("id", row.Id);
        json.WriteString("name", row.Name);
        json.WriteString("status", view.Status);
        json.WriteString("tenant_id", row.ProjectId);
        json.WriteString("user_id", row.UserId);
        ComputeJson.Write(json, "metadata", row.MetadataMap);
        json.WriteString("hostId", view.HostId);
        json.WriteStartObject("image");
        json.WriteString("id", row.ImageId);
        Links.WriteBookmark(json, call, "images", row.ImageId);
        json.WriteEndObject();
        WriteFlavor(json, row, call);
        json.WriteString("created", Stamp.Zulu(row.CreatedAt));
        json.WriteString("updated", Stamp.Zulu(row.UpdatedAt));
        json.WritePropertyName("addresses");
        AddressWire.Write(json, view.Ports, extended: whole);
        json.WriteString("accessIPv4", row.AccessIpV4);
        json.WriteString("accessIPv6", row.AccessIpV6);
        Links.Write(json, call, "servers", row.Id);
        json.WriteString("OS-DCF:diskConfig", row.DiskConfig);
    }

    private static void WriteFlavor(Utf8JsonWriter json, Server row, Call call)
    {
        json.WriteStartObject("flavor");
        if (call.Version >= 47)
        {
            var shape = row.Shape;
            json.WriteNumber("vcpus", shape.Vcpus);
            json.WriteNumber("ram", shape.MemoryMib);
            json.WriteNumber("disk", shape.DiskGib);
            json.WriteNumber("ephemeral", shape.EphemeralGib);
            json.WriteNumber("swap", shape.SwapMib);
            json.WriteString("original_name", shape.Name);
            ComputeJson.Write(json, "extra_specs", shape.ExtraSpecs);
        }
        else
        {
            json.WriteString("id", row.FlavorId);
            Links.WriteBookmark(json, call, "flavors", row.FlavorId);
        }

        json.WriteEndObject();
    }

    private static void WriteProgress(Utf8JsonWriter json, ServerView view, Call call)
    {
        var row = view.Row;
        if (ServerStatus.HasFault(view.Status) && row.FaultAt is { } at)
        {
            json.WriteStartObject("fault");
            json.WriteNumber("code", row.FaultCode ?? 500);
            json.WriteString("created", Stamp.Zulu(at));
            json.WriteString("message", row.FaultMessage);
            if (call.Actor.IsAdmin && row.FaultDetails is { } details)
            {
                json.WriteString("details", details);
            }

            json.WriteEndObject();
        }

        if (ServerStatus.HasProgress(view.Status))
        {
            json.WriteNumber("progress", 0);
        }
    }

    private static void WriteExtended(Utf8JsonWriter json, ServerView view, Call call, ServerViewKind kind)
    {
        var row = view.Row;
        json.WriteString("OS-EXT-AZ:availability_zone", row.Node is null && row.DeletedAt is null && row.Zone.Length == 0 ? "" : row.Zone);
        json.WriteString("config_drive", "");
        json.WriteString("key_name", row.KeyName);
        json.WriteString("OS-SRV-USG:launched_at", Stamp.Micro(row.LaunchedAt));
        json.WriteString("OS-SRV-USG:terminated_at", Stamp.Micro(row.DeletedAt));
        if (call.Actor.IsAdmin)
        {
            WriteForAdmins(json, row, call.Version, kind);
        }
        else if (call.Version >= 90)
        {
            json.WriteString("OS-EXT-SRV-ATTR:hostname", row.HostName);
        }

        json.WriteString("OS-EXT-STS:task_state", row.TaskState);
        json.WriteString("OS-EXT-STS:vm_state", row.VmState);
        json.WriteNumber("OS-EXT-STS:power_state", row.PowerState);
        json.WriteStartArray("os-extended-volumes:volumes_attached");
        json.WriteEndArray();
    }

    private static void WriteForAdmins(Utf8JsonWriter json, Server row, int version, ServerViewKind kind)
    {
        json.WriteString("OS-EXT-SRV-ATTR:host", row.Node);
        json.WriteString("OS-EXT-SRV-ATTR:instance_name", InstanceName(row.Id));
        json.WriteString("OS-EXT-SRV-ATTR:hypervisor_hostname", row.Node);
        if (version < 3)
        {
            return;
        }

        json.WriteString("OS-EXT-SRV-ATTR:reservation_id", row.ReservationId);
        json.WriteNumber("OS-EXT-SRV-ATTR:launch_index", row.LaunchIndex);
        json.WriteString("OS-EXT-SRV-ATTR:hostname", row.HostName);
        json.WriteString("OS-EXT-SRV-ATTR:kernel_id", "");
        json.WriteString("OS-EXT-SRV-ATTR:ramdisk_id", "");
        json.WriteString("OS-EXT-SRV-ATTR:root_device_name", "/dev/vda");
        if (kind != ServerViewKind.Rebuild)
        {
            json.WriteString("OS-EXT-SRV-ATTR:user_data", row.UserData);
        }
    }

    private static void WriteByVersion(Utf8JsonWriter json, ServerView view, Call call, ServerViewKind kind)
    {
        var (row, version) = (view.Row, call.Version);
        if (version >= 9)
        {
            json.WriteBoolean("locked", row.LockedBy is not null);
        }

        if (version >= 73)
        {
            json.WriteString("locked_reason", row.LockedReason);
        }

        if (version >= 19)
        {
            json.WriteString("description", row.Description);
        }

        if (version >= 26)
        {
            json.WriteStrings("tags", row.TagList);
        }

        if (version >= 63)
        {
            json.WriteNull("trusted_image_certificates");
        }

        if (version >= 16 && call.Actor.IsAdmin && (kind is ServerViewKind.Show or ServerViewKind.List || version >= 75))
        {
            json.WriteString("host_status", view.HostUp switch { true => "UP", false => "DOWN", _ => "" });
        }

        if (version >= 71 && kind != ServerViewKind.List)
        {
            json.WriteStrings("server_groups", row.GroupId is { } group ? [group] : []);
        }

        if (kind == ServerViewKind.Rebuild)
        {
            WriteForRebuild(json, row, version);
        }
    }

    private static void WriteForRebuild(Utf8JsonWriter json, Server row, int version)
    {
        if (version is >= 54 and < 75)
        {
            json.WriteString("key_name", row.KeyName);
        }

        if (version >= 57)
        {
            json.WriteString("user_data", row.UserData);
        }
    }

    /// <summary>The name that the machine bears on its node, in Nova's form.</summary>
    public static string InstanceName(string id) => "instance-" + id[^8..];
}
