using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Identity;

/// <summary>What versions there are: anybody may ask.</summary>
internal static class DiscoveryApi
{
    public static void Map(Routes routes)
    {
        routes.Open("GET", "/", Root);
        routes.Open("GET", "/v3", Version);
    }

    private static Task Root(Call call)
    {
        call.Http.Response.Headers.Location = $"{call.BaseUrl}/v3/";
        return call.Json(300, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("versions");
            json.WriteStartArray("values");
            Write(json, call);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static Task Version(Call call) => call.One("version", json => Write(json, call));

    private static void Write(Utf8JsonWriter json, Call call)
    {
        json.WriteStartObject();
        json.WriteString("id", "v3.14");
        json.WriteString("status", "stable");
        json.WriteString("updated", "2020-04-07T00:00:00Z");
        json.WriteStartArray("links");
        json.WriteStartObject();
        json.WriteString("rel", "self");
        json.WriteString("href", $"{call.BaseUrl}/v3/");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("media-types");
        json.WriteStartObject();
        json.WriteString("base", "application/json");
        json.WriteString("type", "application/vnd.openstack.identity-v3+json");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
