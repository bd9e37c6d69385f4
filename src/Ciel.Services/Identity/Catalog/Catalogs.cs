using System.Text.Json;
using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity.Catalog;

/// <summary>One service of the catalog with its endpoints.</summary>
internal sealed record CatalogService(ServiceRow Service, IReadOnlyList<EndpointRow> Endpoints);

/// <summary>The catalog as projects see it, through the revision cache.</summary>
internal sealed class Catalogs(RevisionCache cache)
{
    /// <summary>The services that have endpoints; a project that endpoints were chosen for sees those only.</summary>
    public ValueTask<IReadOnlyList<CatalogService>> Of(string? projectId) =>
        cache.Get(Scopes.Catalog, projectId ?? "", reader => Load(reader, projectId));

    public static void Write(Utf8JsonWriter json, IReadOnlyList<CatalogService> catalog, string cloud, string? projectId)
    {
        json.WriteStartArray("catalog");
        foreach (var (service, endpoints) in catalog)
        {
            json.WriteStartObject();
            json.WriteStartArray("endpoints");
            foreach (var endpoint in endpoints)
            {
                WriteEndpoint(json, endpoint, cloud, projectId);
            }

            json.WriteEndArray();
            json.WriteString("id", service.Id);
            json.WriteString("type", service.Type);
            json.WriteString("name", service.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEndpoint(Utf8JsonWriter json, EndpointRow endpoint, string cloud, string? projectId)
    {
        if (Urls.InCatalog(endpoint.Url, cloud, projectId) is not { } url)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", endpoint.Id);
        json.WriteString("interface", endpoint.Interface);
        json.WriteString("region_id", endpoint.RegionId);
        json.WriteString("url", url);
        json.WriteString("region", endpoint.RegionId);
        json.WriteEndObject();
    }

    private static async Task<IReadOnlyList<CatalogService>> Load(Reader reader, string? projectId)
    {
        var services = await reader.Query<ServiceRow>("SELECT * FROM identity_service WHERE enabled = 1 ORDER BY type, id");
        var endpoints = await reader.Query<EndpointRow>("SELECT * FROM identity_endpoint WHERE enabled = 1 ORDER BY interface, id");
        if (projectId is not null && await EndpointChoice.Of(reader, projectId, endpoints) is { Count: > 0 } chosen)
        {
            endpoints = chosen;
        }

        var byService = endpoints.ToLookup(e => e.ServiceId);
        return [.. services.Select(s => new CatalogService(s, [.. byService[s.Id]])).Where(s => s.Endpoints.Count > 0)];
    }
}
