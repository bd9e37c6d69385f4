using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Aggregates in JSON.</summary>
internal static class AggregateWire
{
    /// <summary>Writes one; the answer to a create has neither hosts nor metadata.</summary>
    public static void Write(Utf8JsonWriter json, Aggregate aggregate, List<string>? hosts, int version)
    {
        var metadata = aggregate.MetadataMap;
        json.WriteStartObject();
        json.WriteNumber("id", aggregate.Id);
        json.WriteString("name", aggregate.Name);
        if (hosts is not null)
        {
            json.WriteStrings("hosts", hosts);
            ComputeJson.Write(json, "metadata", metadata);
        }

        json.WriteString("created_at", Stamp.Micro(aggregate.CreatedAt));
        json.WriteString("updated_at", Stamp.Micro(aggregate.UpdatedAt));
        json.WriteNull("deleted_at");
        json.WriteBoolean("deleted", false);
        json.WriteString("availability_zone", metadata.GetValueOrDefault(Aggregate.ZoneKey));
        if (version >= 41)
        {
            json.WriteString("uuid", aggregate.Uuid);
        }

        json.WriteEndObject();
    }

    /// <summary>A zone's name; null takes the nodes out of any.</summary>
    public static string? Zone(Input input)
    {
        var zone = input.OptionalString("availability_zone", 1);
        return zone is not null && zone.Contains(':', StringComparison.Ordinal)
            ? throw input.Refuse("availability_zone", zone, $"'{zone}' does not match '^[^:]*$'")
            : zone;
    }

    /// <summary>Key to value; null removes the key.</summary>
    public static Dictionary<string, string?> Metadata(Input body)
    {
        var input = body.Object("set_metadata");
        body.Done();
        var metadata = input.Object("metadata");
        input.Done();
        var changes = new Dictionary<string, string?>();
        foreach (var key in metadata.Names)
        {
            ServerFields.CheckMetadataKey(metadata, key);
            changes[key] = metadata.OptionalString(key);
        }

        return changes.Count > 0 ? changes : throw Fault.BadRequest("Invalid input for field/attribute metadata. Value: {}. {} does not have enough properties");
    }
}
