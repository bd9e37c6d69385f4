using System.Text.Json;

namespace Ciel.Services.Compute;

/// <summary>Usage reports in JSON. Hours are shown, never billed: billing reads the ledger.</summary>
internal static class UsageWire
{
    private const double HourMicros = 3600.0 * 1_000_000;

    public static void Write(Utf8JsonWriter json, string projectId, List<UsageRow> rows, UsagePeriod period, bool detailed)
    {
        double hours = 0, memory = 0, cores = 0, disk = 0;
        foreach (var row in rows)
        {
            var (own, shape) = (Hours(row, period), row.Shape);
            hours += own;
            memory += own * shape.MemoryMib;
            cores += own * shape.Vcpus;
            disk += own * (shape.DiskGib + shape.EphemeralGib);
        }

        json.WriteStartObject();
        json.WriteString("tenant_id", projectId);
        if (detailed)
        {
            json.WriteStartArray("server_usages");
            rows.ForEach(r => WriteServer(json, r, period));
            json.WriteEndArray();
        }

        json.WriteNumber("total_local_gb_usage", disk);
        json.WriteNumber("total_vcpus_usage", cores);
        json.WriteNumber("total_memory_mb_usage", memory);
        json.WriteNumber("total_hours", hours);
        json.WriteString("start", Stamp.Micro(period.Start));
        json.WriteString("stop", Stamp.Micro(period.Stop));
        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json, UsageRow row, UsagePeriod period)
    {
        var shape = row.Shape;
        json.WriteStartObject();
        json.WriteString("instance_id", row.Id);
        json.WriteString("name", row.Name);
        json.WriteNumber("hours", Hours(row, period));
        json.WriteString("flavor", shape.Name);
        json.WriteString("tenant_id", row.ProjectId);
        json.WriteNumber("memory_mb", shape.MemoryMib);
        json.WriteNumber("vcpus", shape.Vcpus);
        json.WriteNumber("local_gb", shape.DiskGib + shape.EphemeralGib);
        json.WriteString("started_at", Stamp.Micro(row.LaunchedAt));
        json.WriteString("ended_at", Stamp.Micro(row.TerminatedAt));
        json.WriteString("state", row.TerminatedAt is null ? row.VmState : "terminated");
        json.WriteNumber("uptime", ((row.TerminatedAt ?? period.Now) - row.LaunchedAt) / 1_000_000);
        json.WriteEndObject();
    }

    private static double Hours(UsageRow row, UsagePeriod period)
    {
        var from = Math.Max(row.LaunchedAt, period.Start);
        var to = Math.Min(row.TerminatedAt ?? period.Now, Math.Min(period.Stop, period.Now));
        return Math.Max(0, to - from) / HourMicros;
    }
}
