using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>A project's limits and what it uses of them (Compute API reference, "Limits").</summary>
internal sealed class LimitsApi(Db db)
{
    public void Map(Routes routes) => routes.Get("/v2.1/limits", Show);

    private async Task Show(Call call)
    {
        var project = call.Query("tenant_id") is { } other && other != call.Actor.ProjectId ? Other(call, other) : call.Actor.Project();
        var lines = await db.Read(
            async r =>
            {
                var all = new Dictionary<string, QuotaLine>();
                foreach (var (resource, builtIn) in ComputeQuotas.Defaults)
                {
                    all[resource] = await QuotaBook.Line(r, project, resource, builtIn);
                }

                return all;
            },
            call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("limits");
            json.WriteStartArray("rate");
            json.WriteEndArray();
            json.WriteStartObject("absolute");
            Write(json, lines, call.Version);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static string Other(Call call, string project)
    {
        call.Actor.RequireAdmin("os_compute_api:limits:other_project");
        return project;
    }

    private static void Write(Utf8JsonWriter json, Dictionary<string, QuotaLine> lines, int version)
    {
        json.WriteNumber("maxTotalInstances", lines[ComputeQuotas.Instances].Hard);
        json.WriteNumber("maxTotalCores", lines[ComputeQuotas.Cores].Hard);
        json.WriteNumber("maxTotalRAMSize", lines[ComputeQuotas.Ram].Hard);
        json.WriteNumber("maxServerMeta", lines[ComputeQuotas.MetadataItems].Hard);
        if (version < 39)
        {
            json.WriteNumber("maxImageMeta", lines[ComputeQuotas.MetadataItems].Hard);
        }

        if (version < 57)
        {
            json.WriteNumber("maxPersonality", lines["compute.injected_files"].Hard);
            json.WriteNumber("maxPersonalitySize", lines["compute.injected_file_content_bytes"].Hard);
        }

        json.WriteNumber("maxTotalKeypairs", lines[ComputeQuotas.KeyPairs].Hard);
        json.WriteNumber("maxServerGroups", lines[ComputeQuotas.ServerGroups].Hard);
        json.WriteNumber("maxServerGroupMembers", lines[ComputeQuotas.ServerGroupMembers].Hard);
        if (version < 36)
        {
            json.WriteNumber("maxTotalFloatingIps", lines["compute.floating_ips"].Hard);
            json.WriteNumber("maxSecurityGroups", lines["compute.security_groups"].Hard);
            json.WriteNumber("maxSecurityGroupRules", lines["compute.security_group_rules"].Hard);
        }

        json.WriteNumber("totalRAMUsed", lines[ComputeQuotas.Ram].Used);
        json.WriteNumber("totalCoresUsed", lines[ComputeQuotas.Cores].Used);
        json.WriteNumber("totalInstancesUsed", lines[ComputeQuotas.Instances].Used);
        if (version < 36)
        {
            json.WriteNumber("totalFloatingIpsUsed", 0);
            json.WriteNumber("totalSecurityGroupsUsed", 0);
        }

        json.WriteNumber("totalServerGroupsUsed", lines[ComputeQuotas.ServerGroups].Used);
    }
}
