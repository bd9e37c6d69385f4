using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Images.Schemas;

/// <summary>The JSON schemas of what this service answers, for clients that check by them.</summary>
internal static class SchemasApi
{
    public static void Map(Routes routes)
    {
        Both(routes, "image", "images", ImageSchema.Text, paged: true);
        Both(routes, "member", "members", OtherSchemas.Member, paged: false);
        Both(routes, "task", "tasks", OtherSchemas.Task, paged: true);
        Both(routes, "metadefs/namespace", "metadefs/namespaces", MetadefSchemas.Namespace, paged: true);
        Both(routes, "metadefs/resource_type", "metadefs/resource_types", MetadefSchemas.ResourceType, paged: false, "resource_type_associations");
        Both(routes, "metadefs/object", "metadefs/objects", MetadefSchemas.Object, paged: true);
        Both(routes, "metadefs/property", "metadefs/properties", MetadefSchemas.Property, paged: false);
        Both(routes, "metadefs/tag", "metadefs/tags", MetadefSchemas.Tag, paged: true);
    }

    private static void Both(Routes routes, string one, string many, string schema, bool paged, string? name = null)
    {
        routes.Get("/v2/schemas/" + one, call => call.Json(200, json => Write(json, schema)));
        routes.Get("/v2/schemas/" + many, call => call.Json(200, json => WriteList(json, name ?? many[(many.LastIndexOf('/') + 1)..], schema, paged)));
    }

    // Through a document, so that what goes out is compact and known to be JSON.
    private static void Write(Utf8JsonWriter json, string schema)
    {
        using var document = JsonDocument.Parse(schema);
        document.RootElement.WriteTo(json);
    }

    private static void WriteList(Utf8JsonWriter json, string name, string schema, bool paged)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartObject("properties");
        json.WriteStartObject(name);
        json.WriteString("type", "array");
        json.WritePropertyName("items");
        Write(json, schema);
        json.WriteEndObject();
        foreach (var field in paged ? (string[])["first", "next", "schema"] : ["schema"])
        {
            json.WriteStartObject(field);
            json.WriteString("type", "string");
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("links");
        foreach (var (rel, href) in paged ? ((string, string)[])[("first", "{first}"), ("next", "{next}"), ("describedby", "{schema}")] : [("describedby", "{schema}")])
        {
            json.WriteStartObject();
            json.WriteString("rel", rel);
            json.WriteString("href", href);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
