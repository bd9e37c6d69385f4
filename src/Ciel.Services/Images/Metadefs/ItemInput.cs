using System.Buffers;
using System.Text;
using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Images.Metadefs;

/// <summary>Reads definitions.</summary>
internal static class ItemInput
{
    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];
    private static readonly string[] ShortTexts = ["prefix", "properties_target"];
    private const int LongestName = 80;
    private const int LongestDescription = 500;

    /// <summary>Reads one definition with all that it says.</summary>
    public static Item Read(Input body, string space, string kind)
    {
        var name = body.String("name", max: LongestName);
        _ = body.OptionalString("created_at");
        _ = body.OptionalString("updated_at");
        _ = body.OptionalString("self");
        _ = body.OptionalString("schema");
        Check(body, kind);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var field in Kinds.Fields(kind))
            {
                if (body.Raw(field) is { } value)
                {
                    json.WritePropertyName(field);
                    value.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        body.Done();
        return new Item { Namespace = space, Kind = kind, Name = name, Body = Encoding.UTF8.GetString(buffer.WrittenSpan) };
    }

    private static void Check(Input body, string kind)
    {
        switch (kind)
        {
            case Kinds.Properties:
                CheckProperty(body);
                break;
            case Kinds.Objects:
                _ = body.OptionalString("description", max: LongestDescription);
                _ = body.OptionalStrings("required");
                foreach (var property in body.OptionalObject("properties") is { } all ? all.Names.Select(all.Object) : [])
                {
                    CheckProperty(property);
                    _ = property.OptionalString("name");
                    foreach (var word in Kinds.SchemaWords)
                    {
                        _ = property.Raw(word);
                    }

                    property.Done();
                }

                break;
            case Kinds.ResourceTypes:
                foreach (var field in ShortTexts)
                {
                    _ = body.OptionalString(field, max: LongestName);
                }

                break;
        }
    }

    private static void CheckProperty(Input property)
    {
        _ = property.String("title");
        _ = property.String("type");
        _ = property.OptionalChoice("type", Types);
        _ = property.OptionalString("description", max: LongestDescription);
        _ = property.OptionalStrings("operators");
    }
}
