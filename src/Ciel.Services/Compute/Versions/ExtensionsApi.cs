using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>The parts of the API that once were extensions (Compute API reference, "Extensions"): those that work here.</summary>
internal static class ExtensionsApi
{
    private static readonly (string Alias, string Name)[] Offered =
    [
        ("NMN", "Multinic"),
        ("OS-DCF", "DiskConfig"),
        ("OS-EXT-AZ", "ExtendedAvailabilityZone"),
        ("OS-EXT-IMG-SIZE", "ImageSize"),
        ("OS-EXT-IPS", "ExtendedIps"),
        ("OS-EXT-IPS-MAC", "ExtendedIpsMac"),
        ("OS-EXT-SRV-ATTR", "ExtendedServerAttributes"),
        ("OS-EXT-STS", "ExtendedStatus"),
        ("OS-FLV-DISABLED", "FlavorDisabled"),
        ("OS-FLV-EXT-DATA", "FlavorExtraData"),
        ("OS-SCH-HNT", "SchedulerHints"),
        ("OS-SRV-USG", "ServerUsage"),
        ("os-access-ips", "AccessIPs"),
        ("os-admin-actions", "AdminActions"),
        ("os-aggregates", "Aggregates"),
        ("os-attach-interfaces", "AttachInterfaces"),
        ("os-availability-zone", "AvailabilityZone"),
        ("os-block-device-mapping-v2-boot", "BlockDeviceMappingV2Boot"),
        ("os-console-output", "ConsoleOutput"),
        ("os-create-backup", "CreateBackup"),
        ("os-create-server-ext", "Createserverext"),
        ("os-extended-floating-ips", "ExtendedFloatingIps"),
        ("os-extended-hypervisors", "ExtendedHypervisors"),
        ("os-extended-networks", "ExtendedNetworks"),
        ("os-extended-quotas", "ExtendedQuotas"),
        ("os-extended-services", "ExtendedServices"),
        ("os-extended-services-delete", "ExtendedServicesDelete"),
        ("os-extended-status", "ExtendedStatus"),
        ("os-extended-volumes", "ExtendedVolumes"),
        ("os-flavor-access", "FlavorAccess"),
        ("os-flavor-extra-specs", "FlavorExtraSpecs"),
        ("os-flavor-manage", "FlavorManage"),
        ("os-flavor-rxtx", "FlavorRxtx"),
        ("os-flavor-swap", "FlavorSwap"),
        ("os-floating-ip-pools", "FloatingIpPools"),
        ("os-floating-ips", "FloatingIps"),
        ("os-hide-server-addresses", "HideServerAddresses"),
        ("os-hosts", "Hosts"),
        ("os-hypervisor-status", "HypervisorStatus"),
        ("os-hypervisors", "Hypervisors"),
        ("os-instance-actions", "InstanceActions"),
        ("os-instance_usage_audit_log", "OSInstanceUsageAuditLog"),
        ("os-keypairs", "Keypairs"),
        ("os-lock-server", "LockServer"),
        ("os-migrations", "Migrations"),
        ("os-multiple-create", "MultipleCreate"),
        ("os-networks", "Networks"),
        ("os-preserve-ephemeral-rebuild", "PreserveEphemeralOnRebuild"),
        ("os-quota-class-sets", "QuotaClasses"),
        ("os-quota-sets", "Quotas"),
        ("os-security-groups", "SecurityGroups"),
        ("os-server-diagnostics", "ServerDiagnostics"),
        ("os-server-external-events", "ServerExternalEvents"),
        ("os-server-group-quotas", "ServerGroupQuotas"),
        ("os-server-groups", "ServerGroups"),
        ("os-server-list-multi-status", "ServerListMultiStatus"),
        ("os-server-sort-keys", "ServerSortKeys"),
        ("os-server-start-stop", "ServerStartStop"),
        ("os-services", "Services"),
        ("os-simple-tenant-usage", "SimpleTenantUsage"),
        ("os-tenant-networks", "OSTenantNetworks"),
        ("os-used-limits", "UsedLimits"),
        ("os-used-limits-for-admin", "UsedLimitsForAdmin"),
        ("os-user-data", "UserData"),
    ];

    public static void Map(Routes routes)
    {
        routes.Get("/v2.1/extensions", List);
        routes.Get("/v2.1/extensions/{alias}", Show);
    }

    private static Task List(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("extensions");
        foreach (var (alias, name) in Offered)
        {
            Write(json, alias, name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Task Show(Call call)
    {
        var (alias, name) = Array.Find(Offered, e => e.Alias == call.Route("alias"));
        return alias is null
            ? throw Fault.NotFound($"No extension found with alias {call.Route("alias")}")
            : call.Json(200, json =>
            {
                json.WriteStartObject();
                json.WritePropertyName("extension");
                Write(json, alias, name);
                json.WriteEndObject();
            });
    }

    private static void Write(Utf8JsonWriter json, string alias, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartArray("links");
        json.WriteEndArray();
        json.WriteString("updated", "2014-12-03T00:00:00Z");
        json.WriteString("alias", alias);
        json.WriteString("namespace", "http://docs.openstack.org/compute/ext/fake_xml");
        json.WriteString("description", name + ".");
        json.WriteEndObject();
    }
}
