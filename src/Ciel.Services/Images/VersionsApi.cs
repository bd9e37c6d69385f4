using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Images;

/// <summary>Which versions there are: <c>GET /</c> (300) and <c>GET /versions</c> (200).</summary>
internal static class VersionsApi
{
    private static readonly string[] Supported =
        ["v2.13", "v2.12", "v2.11", "v2.10", "v2.9", "v2.8", "v2.7", "v2.6", "v2.5", "v2.4", "v2.3", "v2.2", "v2.1", "v2.0"];

    public static void Map(Routes routes)
    {
        routes.Open("GET", "", call => Versions(call, 300));
        routes.Open("GET", "/versions", call => Versions(call, 200));
    }

    private static Task Versions(Call call, int status) => call.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("versions");
        Version(json, call, "v2.15", "CURRENT");
        foreach (var version in Supported)
        {
            Version(json, call, version, "SUPPORTED");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Version(Utf8JsonWriter json, Call call, string id, string status)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("status", status);
        json.WriteStartArray("links");
        json.WriteStartObject();
        json.WriteString("rel", "self");
        json.WriteString("href", call.BaseUrl + "/v2/");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
