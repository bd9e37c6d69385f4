using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>What administrators see of a machine (Compute API reference, "Servers diagnostics"); what is not measured is null.</summary>
internal sealed class DiagnosticsApi(Db db, INetworks networks, HostBook hosts)
{
    private static readonly string[] NicCounters =
        ["tx_errors", "rx_errors", "tx_drop", "rx_drop", "tx_octets", "rx_octets", "tx_packets", "rx_packets", "tx_rate", "rx_rate"];

    private static readonly string[] DiskCounters = ["errors_count", "read_bytes", "read_requests", "write_bytes", "write_requests"];

    public async Task Show(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-server-diagnostics");
        var (server, ports, kind) = await db.Read(
            async r =>
            {
                var row = await ServerStore.Visible(r, call.Actor, call.Route("id"));
                var host = (await hosts.All(r)).FirstOrDefault(h => h.Name == row.Node);
                return (row, await ServerPorts.Of(r, networks, row.Id), host?.Facts.Accelerator ?? "");
            },
            call.Cancel);
        if (server.Node is null)
        {
            throw Fault.Conflict($"Instance {server.Id} is not ready");
        }

        var uptime = server.Runs && server.LaunchedAt is { } launched ? (await db.Now(call.Cancel) - launched) / 1_000_000 : 0;
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            if (call.Version >= 48)
            {
                Write(json, server, ports, kind, uptime);
            }
            else
            {
                json.WriteNumber("memory", (long)server.Shape.MemoryMib * 1024);
                json.WriteNumber("vcpus", server.Shape.Vcpus);
                json.WriteNumber("uptime", uptime);
            }

            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, Server server, IReadOnlyList<PortInfo> ports, string kind, long uptime)
    {
        var shape = server.Shape;
        json.WriteString("state", server.PowerState switch { PowerStates.Running => "running", PowerStates.Paused => "paused", _ => "shutdown" });
        json.WriteString("driver", "libvirt");
        json.WriteString("hypervisor", kind);
        json.WriteString("hypervisor_os", "linux");
        json.WriteNumber("uptime", uptime);
        json.WriteBoolean("config_drive", false);
        json.WriteNumber("num_cpus", shape.Vcpus);
        json.WriteNumber("num_nics", ports.Count);
        json.WriteNumber("num_disks", 1);
        json.WriteStartObject("memory_details");
        json.WriteNumber("maximum", shape.MemoryMib);
        json.WriteNull("used");
        json.WriteEndObject();
        json.WriteStartArray("cpu_details");
        for (var id = 0; id < shape.Vcpus; id++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteNull("time");
            json.WriteNull("utilisation");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("disk_details");
        Nulls(json, null, DiskCounters);
        json.WriteEndArray();
        json.WriteStartArray("nic_details");
        foreach (var port in ports)
        {
            Nulls(json, port.Mac, NicCounters);
        }

        json.WriteEndArray();
    }

    private static void Nulls(Utf8JsonWriter json, string? mac, string[] names)
    {
        json.WriteStartObject();
        if (mac is not null)
        {
            json.WriteString("mac_address", mac);
        }

        foreach (var name in names)
        {
            json.WriteNull(name);
        }

        json.WriteEndObject();
    }
}
