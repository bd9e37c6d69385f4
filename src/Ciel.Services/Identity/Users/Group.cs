using System.Text.Json;

namespace Ciel.Services.Identity.Users;

/// <summary>A row of identity_group.</summary>
internal sealed record GroupRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string DomainId { get; init; }

    public string Description { get; init; } = "";

    public string Extra { get; init; } = "{}";
}

/// <summary>The JSON of groups.</summary>
internal static class GroupWire
{
    public static readonly View<GroupRow> Group = new("group", "groups", "groups", g => g.Id, Fields);

    private static void Fields(Utf8JsonWriter json, GroupRow group)
    {
        json.WriteString("id", group.Id);
        json.WriteString("name", group.Name);
        json.WriteString("domain_id", group.DomainId);
        json.WriteString("description", group.Description);
        Extra.Write(json, group.Extra);
    }
}
