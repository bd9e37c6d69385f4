using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Network;

/// <summary>What the API is: its version, its resources, its extensions (Networking API v2.0, "API versions" and "Extensions").</summary>
internal static class DiscoveryApi
{
    private static readonly (string Name, string Collection)[] Resources =
        [("network", "networks"), ("subnet", "subnets"), ("subnetpool", "subnetpools"), ("port", "ports")];

    public static void Map(Routes routes)
    {
        routes.Open("GET", "", Versions);
        routes.Open("GET", "/v2.0", Version);
        routes.Get("/v2.0/extensions", call => call.Many("extensions", Extensions.All, Write));
        routes.Get("/v2.0/extensions/{alias}", Extension);
    }

    private static Task Versions(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("versions");
        json.WriteStartObject();
        json.WriteString("id", "v2.0");
        json.WriteString("status", "CURRENT");
        WriteSelf(json, call.BaseUrl + "/v2.0/");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Task Version(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("resources");
        foreach (var (name, collection) in Resources)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("collection", collection);
            WriteSelf(json, $"{call.BaseUrl}/v2.0/{collection}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Task Extension(Call call)
    {
        var alias = call.Route("alias");
        var found = Extensions.All.FirstOrDefault(e => e.Alias == alias)
            ?? throw Fault.NotFound($"Extension with alias {alias} does not exist", "ExtensionNotFound");
        return call.One("extension", json => Write(json, found));
    }

    private static void Write(Utf8JsonWriter json, Extension extension)
    {
        json.WriteStartObject();
        json.WriteString("name", extension.Name);
        json.WriteString("alias", extension.Alias);
        json.WriteString("description", extension.Description);
        json.WriteString("updated", extension.Updated);
        json.WriteStartArray("links");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSelf(Utf8JsonWriter json, string href)
    {
        json.WriteStartArray("links");
        json.WriteStartObject();
        json.WriteString("rel", "self");
        json.WriteString("href", href);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
