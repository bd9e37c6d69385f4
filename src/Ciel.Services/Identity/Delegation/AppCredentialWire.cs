using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Services.Identity.Roles;
using Ciel.Services.Identity.Tokens;

namespace Ciel.Services.Identity.Delegation;

/// <summary>An application credential with its roles and rules.</summary>
internal sealed record AppCredential(AppCredentialRow Row, IReadOnlyList<RoleRow> Roles, IReadOnlyList<AccessRule> Rules);

/// <summary>The JSON of application credentials.</summary>
internal static class AppCredentialWire
{
    public static View<AppCredential> View(Call call) => new(
        "application_credential",
        "application_credentials",
        $"users/{call.Route("user")}/application_credentials",
        c => c.Row.Id,
        Fields);

    private static void Fields(Utf8JsonWriter json, AppCredential credential)
    {
        var row = credential.Row;
        json.WriteString("id", row.Id);
        json.WriteString("name", row.Name);
        json.WriteString("description", row.Description);
        json.WriteString("project_id", row.ProjectId);
        json.WriteString("user_id", row.UserId);
        json.WriteBoolean("system", false);
        json.WriteBoolean("unrestricted", row.Unrestricted);

        // Keystone leaves out the zone here, and nowhere else.
        json.WriteString("expires_at", row.ExpiresAt is { } at ? Instant.Text(at).TrimEnd('Z') : null);
        json.WriteStartArray("roles");
        foreach (var role in credential.Roles)
        {
            json.WriteStartObject();
            json.WriteString("id", role.Id);
            json.WriteString("name", role.Name);
            json.WriteString("domain_id", role.DomainId.Length == 0 ? null : role.DomainId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (credential.Rules.Count > 0)
        {
            AccessRuleWire.WriteAll(json, credential.Rules);
        }
    }
}
