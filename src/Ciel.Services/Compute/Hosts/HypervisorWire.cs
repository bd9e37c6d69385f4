using System.Text.Json;

namespace Ciel.Services.Compute;

/// <summary>Nodes as hypervisors in JSON.</summary>
internal static class HypervisorWire
{
    public static void Write(Utf8JsonWriter json, HostRow host, int version, bool detail, IReadOnlyList<Server>? servers)
    {
        json.WriteStartObject();
        WriteHead(json, host, version);
        if (detail)
        {
            WriteDetail(json, host, version);
        }

        if (servers is not null && (servers.Count > 0 || version >= 75))
        {
            WriteServers(json, servers);
        }

        json.WriteEndObject();
    }

    /// <summary>The page of its uptime alone, until 2.87.</summary>
    public static void WriteUptime(Utf8JsonWriter json, HostRow host, int version, string uptime)
    {
        json.WriteStartObject();
        WriteHead(json, host, version);
        json.WriteString("uptime", uptime);
        json.WriteEndObject();
    }

    /// <summary>What nodes have, and what is free.</summary>
    public static void WriteRoom(Utf8JsonWriter json, IReadOnlyList<HostRow> hosts)
    {
        json.WriteNumber("vcpus", hosts.Sum(h => h.Facts.Vcpus));
        json.WriteNumber("memory_mb", hosts.Sum(h => h.Facts.MemoryMiB));
        json.WriteNumber("local_gb", hosts.Sum(h => h.Facts.DiskGiB));
        json.WriteNumber("vcpus_used", hosts.Sum(h => h.UsedVcpus));
        json.WriteNumber("memory_mb_used", hosts.Sum(h => h.UsedMemoryMib));
        json.WriteNumber("local_gb_used", hosts.Sum(h => h.UsedDiskGib));
        json.WriteNumber("free_ram_mb", hosts.Sum(h => h.Facts.MemoryMiB - h.UsedMemoryMib));
        json.WriteNumber("free_disk_gb", hosts.Sum(h => h.Facts.DiskGiB - h.UsedDiskGib));
        json.WriteNumber("current_workload", 0);
        json.WriteNumber("running_vms", hosts.Sum(h => h.Servers));
        json.WriteNumber("disk_available_least", hosts.Sum(h => h.Facts.DiskGiB - h.UsedDiskGib));
    }

    private static void WriteHead(Utf8JsonWriter json, HostRow host, int version)
    {
        WriteId(json, "id", host.Id, host.Number, version);
        json.WriteString("hypervisor_hostname", host.Name);
        json.WriteString("state", host.Alive ? "up" : "down");
        json.WriteString("status", host.Disabled ? "disabled" : "enabled");
    }

    private static void WriteDetail(Utf8JsonWriter json, HostRow host, int version)
    {
        json.WriteString("hypervisor_type", host.Facts.Accelerator == "sim" ? "fake" : "QEMU");
        json.WriteNumber("hypervisor_version", 7002000);
        json.WriteString("host_ip", "127.0.0.1");
        json.WriteStartObject("service");
        WriteId(json, "id", host.Id, host.Number, version);
        json.WriteString("host", host.Name);
        json.WriteString("disabled_reason", host.DisabledReason);
        json.WriteEndObject();
        if (version >= 88)
        {
            json.WriteString("uptime", host.Uptime);
            return;
        }

        WriteRoom(json, [host]);
        if (version >= 28)
        {
            json.WriteStartObject("cpu_info");
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("cpu_info", "{}");
        }
    }

    private static void WriteServers(Utf8JsonWriter json, IReadOnlyList<Server> servers)
    {
        json.WriteStartArray("servers");
        foreach (var server in servers)
        {
            json.WriteStartObject();
            json.WriteString("uuid", server.Id);
            json.WriteString("name", ServerWire.InstanceName(server.Id));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteId(Utf8JsonWriter json, string name, string id, int number, int version)
    {
        if (version >= 53)
        {
            json.WriteString(name, id);
        }
        else
        {
            json.WriteNumber(name, number);
        }
    }
}
