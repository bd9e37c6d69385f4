using System.Text.Json;

namespace Ciel.Services.Identity.Roles;

/// <summary>The JSON of roles.</summary>
internal static class RoleWire
{
    public static readonly View<RoleRow> Role = new("role", "roles", "roles", r => r.Id, Fields);

    private static void Fields(Utf8JsonWriter json, RoleRow role)
    {
        json.WriteString("id", role.Id);
        json.WriteString("name", role.Name);
        json.WriteString("domain_id", role.DomainId.Length == 0 ? null : role.DomainId);
        json.WriteString("description", role.Description);
        Extra.WriteRaw(json, "options", role.Options);
        Extra.Write(json, role.Extra);
    }
}
