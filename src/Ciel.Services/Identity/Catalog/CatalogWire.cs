using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Identity.Catalog;

/// <summary>The JSON of regions, services and endpoints.</summary>
internal static class CatalogWire
{
    public static readonly View<RegionRow> Region = new("region", "regions", "regions", r => r.Id, RegionFields);
    public static readonly View<ServiceRow> Service = new("service", "services", "services", s => s.Id, ServiceFields);

    /// <summary>Endpoints, with URLs as this client reaches them.</summary>
    public static View<EndpointRow> Endpoint(Call call)
    {
        var cloud = call.CloudUrl();
        return new View<EndpointRow>("endpoint", "endpoints", "endpoints", e => e.Id, (json, e) => EndpointFields(json, e, cloud));
    }

    private static void RegionFields(Utf8JsonWriter json, RegionRow region)
    {
        json.WriteString("id", region.Id);
        json.WriteString("description", region.Description);
        json.WriteString("parent_region_id", region.ParentRegionId);
        Extra.Write(json, region.Extra);
    }

    private static void ServiceFields(Utf8JsonWriter json, ServiceRow service)
    {
        json.WriteString("id", service.Id);
        json.WriteString("name", service.Name);
        json.WriteString("type", service.Type);
        json.WriteBoolean("enabled", service.Enabled);
        json.WriteString("description", service.Description);
        Extra.Write(json, service.Extra);
    }

    private static void EndpointFields(Utf8JsonWriter json, EndpointRow endpoint, string cloud)
    {
        json.WriteString("id", endpoint.Id);
        json.WriteString("interface", endpoint.Interface);
        json.WriteString("region_id", endpoint.RegionId);
        json.WriteString("service_id", endpoint.ServiceId);
        json.WriteString("url", Urls.Shown(endpoint.Url, cloud));
        json.WriteBoolean("enabled", endpoint.Enabled);
        json.WriteString("region", endpoint.RegionId);
        Extra.Write(json, endpoint.Extra);
    }
}
