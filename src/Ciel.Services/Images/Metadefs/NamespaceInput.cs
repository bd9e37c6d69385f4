using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Images.Metadefs;

/// <summary>Reads namespaces.</summary>
internal static class NamespaceInput
{
    private static readonly string[] Visibilities = ["public", "private"];
    private static readonly string[] ReadOnly = ["created_at", "updated_at", "self", "schema", "file"];

    /// <summary>Reads a namespace and what it brings along.</summary>
    public static (Namespace Space, IReadOnlyList<Item> Items) Read(Input body, Actor actor)
    {
        if (body.Names.FirstOrDefault(ReadOnly.Contains) is { } given)
        {
            throw Fault.Forbidden($"Attribute '{given}' is read-only.");
        }

        var space = new Namespace
        {
            Name = body.String("namespace", max: 80),
            DisplayName = body.OptionalString("display_name", max: 80),
            Description = body.OptionalString("description", max: 500),
            Visibility = body.OptionalChoice("visibility", Visibilities) ?? "private",
            Protected = body.OptionalBoolean("protected") ?? false,
            Owner = body.OptionalString("owner", 1) ?? actor.ProjectId ?? "",
        };
        var items = Items(body, space.Name).ToArray();
        body.Done();
        return items.DistinctBy(i => (i.Kind, i.Name)).Count() == items.Length
            ? (space, items)
            : throw Fault.Conflict("A definition is given twice.");
    }

    private static IEnumerable<Item> Items(Input body, string space) =>
    [
        .. Listed(body, "resource_type_associations", space, Kinds.ResourceTypes),
        .. Listed(body, "objects", space, Kinds.Objects),
        .. Listed(body, "tags", space, Kinds.Tags),
        .. Properties(body, space),
    ];

    private static IEnumerable<Item> Listed(Input body, string field, string space, string kind) =>
        (body.OptionalObjects(field) ?? []).Select(i => ItemInput.Read(i, space, kind));

    // Properties come as a map from name to definition.
    private static IEnumerable<Item> Properties(Input body, string space)
    {
        if (body.OptionalObject("properties") is not { } map)
        {
            yield break;
        }

        foreach (var name in map.Names)
        {
            var fields = map.Object(name).Json.EnumerateObject().Where(p => p.Name != "name").ToDictionary(p => p.Name, p => p.Value);
            fields["name"] = JsonSerializer.SerializeToElement(name);
            yield return ItemInput.Read(new Input(JsonSerializer.SerializeToElement(fields), "properties." + name, ImageDoor.Door), space, Kinds.Properties);
        }
    }
}
