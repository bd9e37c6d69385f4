using System.Text.Json;

namespace Ciel.Services.Images.Metadefs;

/// <summary>The JSON of metadata definitions.</summary>
internal static class MetadefWire
{
    public static void Write(Utf8JsonWriter json, Namespace space, IReadOnlyList<Item> items)
    {
        json.WriteStartObject();
        json.WriteString("namespace", space.Name);
        json.WriteString("display_name", space.DisplayName);
        json.WriteString("description", space.Description);
        json.WriteString("visibility", space.Visibility);
        json.WriteBoolean("protected", space.Protected);
        json.WriteString("owner", space.Owner);
        json.WriteString("created_at", ImageWire.Instant(space.CreatedAt));
        json.WriteString("updated_at", ImageWire.Instant(space.UpdatedAt));
        json.WriteString("self", "/v2/metadefs/namespaces/" + space.Name);
        json.WriteString("schema", "/v2/schemas/metadefs/namespace");
        foreach (var kind in items.GroupBy(i => i.Kind))
        {
            WriteAll(json, kind.Key == Kinds.ResourceTypes ? "resource_type_associations" : kind.Key, kind.Key, [.. kind]);
        }

        json.WriteEndObject();
    }

    /// <summary>All of one kind: a list, or for properties a map by name.</summary>
    public static void WriteAll(Utf8JsonWriter json, string field, string kind, IReadOnlyList<Item> items)
    {
        if (kind == Kinds.Properties)
        {
            json.WriteStartObject(field);
            foreach (var item in items)
            {
                json.WritePropertyName(item.Name);
                Write(json, item);
            }

            json.WriteEndObject();
            return;
        }

        json.WriteStartArray(field);
        foreach (var item in items)
        {
            Write(json, item);
        }

        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, Item item)
    {
        json.WriteStartObject();
        json.WriteString("name", item.Name);
        using (var body = JsonDocument.Parse(item.Body))
        {
            foreach (var field in body.RootElement.EnumerateObject())
            {
                field.WriteTo(json);
            }
        }

        if (item.Kind != Kinds.Properties)
        {
            json.WriteString("created_at", ImageWire.Instant(item.CreatedAt));
            json.WriteString("updated_at", ImageWire.Instant(item.UpdatedAt));
        }

        if (item.Kind == Kinds.Objects)
        {
            json.WriteString("self", $"/v2/metadefs/namespaces/{item.Namespace}/objects/{item.Name}");
            json.WriteString("schema", "/v2/schemas/metadefs/object");
        }

        json.WriteEndObject();
    }
}
