using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Nodes as hosts, until 2.42 (Compute API reference, "Hosts").</summary>
internal sealed class HostApi(Db db, HostBook hosts, Ids ids)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-hosts", List);
        routes.Get("/v2.1/os-hosts/{host}", Show);
        routes.Put("/v2.1/os-hosts/{host}", Update);
        routes.Get("/v2.1/os-hosts/{host}/startup", Power);
        routes.Get("/v2.1/os-hosts/{host}/shutdown", Power);
        routes.Get("/v2.1/os-hosts/{host}/reboot", Power);
    }

    private async Task List(Call call)
    {
        Check(call);
        var zone = call.Query("zone");
        var all = (await db.Read(hosts.All, call.Cancel)).Select(h => (h.Name, Service: "compute", h.Zone));

        // The controller places servers; as Nova's scheduler does, it shows among the hosts.
        await call.Many(
            "hosts",
            all.Append((Name: "controller", Service: "scheduler", Zone: Zones.Internal)).Where(h => string.IsNullOrEmpty(zone) || h.Zone == zone),
            (json, host) => Write(json, host.Name, host.Service, host.Zone));
    }

    private async Task Show(Call call)
    {
        Check(call);
        var (host, servers) = await db.Read(
            async r => await Find(r, call) is var row ? (row, await HostStore.Servers(r, row.Name)) : default,
            call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("host");
            Write(json, host.Name, "(total)", host.Facts.Vcpus, host.Facts.MemoryMiB, host.Facts.DiskGiB);
            Write(json, host.Name, "(used_now)", host.UsedVcpus, host.UsedMemoryMib, host.UsedDiskGib);
            Write(json, host.Name, "(used_max)", servers.Sum(s => s.Vcpus), servers.Sum(s => s.MemoryMib), servers.Sum(s => s.AllGib));
            foreach (var own in servers.GroupBy(s => s.ProjectId))
            {
                Write(json, host.Name, own.Key, own.Sum(s => s.Vcpus), own.Sum(s => s.MemoryMib), own.Sum(s => s.AllGib));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private async Task Update(Call call)
    {
        Check(call);
        var input = await call.Body();
        var status = Word(input, "status");
        var maintenance = Word(input, "maintenance_mode");
        input.Done();
        if (status is null && maintenance is null)
        {
            throw Fault.BadRequest("Invalid input. One of 'status' and 'maintenance_mode' must be given.");
        }

        var note = ids.Uuid();
        var host = await db.Write(
            async tx =>
            {
                var old = await Find(tx, call);
                if (maintenance is not null)
                {
                    throw new Fault(501, "NotImplemented", "A node has no maintenance mode here: disable its service, and its machines stay as they are.");
                }

                var row = old with { Disabled = status == "disable" };
                await HostStore.Save(tx, row);
                await AuditLog.Note(tx, note, call.Actor, "update", "host", row.Name);
                return row;
            },
            call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("host", host.Name);
            json.WriteString("status", host.Disabled ? "disabled" : "enabled");
            json.WriteEndObject();
        });
    }

    private async Task Power(Call call)
    {
        Check(call);
        await db.Read(r => Find(r, call), call.Cancel);
        throw new Fault(501, "NotImplemented", "Nodes are not switched from here.");
    }

    private static void Check(Call call)
    {
        call.Until(42);
        call.Actor.RequireAdmin("os_compute_api:os-hosts");
    }

    private async Task<HostRow> Find(Reader reader, Call call) => (await hosts.All(reader)).FirstOrDefault(h => h.Name == call.Route("host"))
        ?? throw Fault.NotFound($"Compute host {call.Route("host")} could not be found.");

    private static string? Word(Input input, string name) => input.OptionalString(name)?.Trim().ToLowerInvariant() switch
    {
        null => null,
        "enable" => "enable",
        "disable" => "disable",
        var other => throw input.Refuse(name, other, $"'{other}' is not one of ['enable', 'disable']"),
    };

    private static void Write(Utf8JsonWriter json, string host, string service, string zone)
    {
        json.WriteStartObject();
        json.WriteString("host_name", host);
        json.WriteString("service", service);
        json.WriteString("zone", zone);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string host, string project, long cpu, long memory, long disk)
    {
        json.WriteStartObject();
        json.WriteStartObject("resource");
        json.WriteString("host", host);
        json.WriteString("project", project);
        json.WriteNumber("cpu", cpu);
        json.WriteNumber("memory_mb", memory);
        json.WriteNumber("disk_gb", disk);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
