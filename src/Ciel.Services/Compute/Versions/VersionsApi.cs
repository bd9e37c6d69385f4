using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>What versions there are (Compute API reference, "API Versions"). Needs no token.</summary>
internal static class VersionsApi
{
    public static void Map(Routes routes)
    {
        routes.Open("GET", "/", All);
        routes.Open("GET", "/v2.1", call => One(call, "v2.1"));
        routes.Open("GET", "/v2", call => One(call, "v2.0"));
    }

    private static Task All(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("versions");
        json.WriteStartObject();
        Write(json, call, "v2.0");
        json.WriteEndObject();
        json.WriteStartObject();
        Write(json, call, "v2.1");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Task One(Call call, string id) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("version");
        Write(json, call, id, described: true);
        json.WriteStartArray("media-types");
        json.WriteStartObject();
        json.WriteString("base", "application/json");
        json.WriteString("type", $"application/vnd.openstack.compute+json;version={(id == "v2.1" ? "2.1" : "2")}");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, Call call, string id, bool described = false)
    {
        var current = id == "v2.1";
        json.WriteString("id", id);
        json.WriteString("status", current ? "CURRENT" : "SUPPORTED");
        json.WriteString("version", current ? ComputeDoor.Door.Microversions!.Word(ComputeDoor.Door.Microversions.Max) : "");
        json.WriteString("min_version", current ? ComputeDoor.Door.Microversions!.Word(ComputeDoor.Door.Microversions.Min) : "");
        json.WriteString("updated", current ? "2013-07-23T11:33:21Z" : "2011-01-21T11:33:21Z");
        json.WriteStartArray("links");
        json.WriteStartObject();
        json.WriteString("rel", "self");
        json.WriteString("href", $"{call.BaseUrl}/{(current ? "v2.1" : "v2")}/");
        json.WriteEndObject();
        if (described)
        {
            json.WriteStartObject();
            json.WriteString("rel", "describedby");
            json.WriteString("type", "text/html");
            json.WriteString("href", "http://docs.openstack.org/");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
