using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Availability zones (Compute API reference, "Availability zones").</summary>
internal sealed class ZoneApi(Db db, HostBook hosts)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-availability-zone", call => List(call, detail: false));
        routes.Get("/v2.1/os-availability-zone/detail", call => List(call, detail: true));
    }

    private async Task List(Call call, bool detail)
    {
        if (detail)
        {
            call.Actor.RequireAdmin("os_compute_api:os-availability-zone:detail");
        }

        var all = await db.Read(hosts.All, call.Cancel);
        var zones = all.GroupBy(h => h.Zone).OrderBy(z => z.Key, StringComparer.Ordinal);
        await call.Many("availabilityZoneInfo", zones, (json, zone) => Write(json, zone.Key, [.. zone], detail));
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<HostRow> hosts, bool detail)
    {
        json.WriteStartObject();
        json.WriteString("zoneName", name);
        json.WriteStartObject("zoneState");
        json.WriteBoolean("available", hosts.Any(h => !h.Disabled));
        json.WriteEndObject();
        if (!detail)
        {
            json.WriteNull("hosts");
            json.WriteEndObject();
            return;
        }

        json.WriteStartObject("hosts");
        foreach (var host in hosts)
        {
            json.WriteStartObject(host.Name);
            json.WriteStartObject("nova-compute");
            json.WriteBoolean("available", host.Alive);
            json.WriteBoolean("active", !host.Disabled);
            json.WriteString("updated_at", Stamp.Micro(host.UpdatedAt));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
