using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Nova's periodic usage audit: Ciel keeps a ledger instead, so the log of runs is empty (Compute API reference, "Instance usage audit log").</summary>
internal sealed class UsageAuditApi(Db db, HostBook hosts)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-instance_usage_audit_log", call => Show(call, "instance_usage_audit_logs", null));
        routes.Get("/v2.1/os-instance_usage_audit_log/{before}", call => Show(call, "instance_usage_audit_log", call.Route("before")));
    }

    private async Task Show(Call call, string name, string? before)
    {
        call.Actor.RequireAdmin("os_compute_api:os-instance-usage-audit-log:" + (before is null ? "list" : "show"));
        var now = before is null
            ? await db.Now(call.Cancel)
            : Stamp.Parse(Uri.UnescapeDataString(before)) ?? throw Fault.BadRequest($"Invalid timestamp for date {before}");
        var all = await db.Read(hosts.All, call.Cancel);
        var hour = now - (now % 3_600_000_000);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject(name);
            json.WriteString("period_beginning", Stamp.Micro(hour - 3_600_000_000)[..19].Replace('T', ' '));
            json.WriteString("period_ending", Stamp.Micro(hour)[..19].Replace('T', ' '));
            json.WriteNumber("num_hosts", all.Count);
            json.WriteNumber("num_hosts_done", 0);
            json.WriteNumber("num_hosts_running", 0);
            json.WriteNumber("num_hosts_not_run", all.Count);
            json.WriteStartArray("hosts_not_run");
            foreach (var host in all)
            {
                json.WriteStringValue(host.Name);
            }

            json.WriteEndArray();
            json.WriteNumber("total_instances", 0);
            json.WriteNumber("total_errors", 0);
            json.WriteString("overall_status", $"0 of {all.Count} hosts done. 0 errors.");
            json.WriteStartObject("log");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
