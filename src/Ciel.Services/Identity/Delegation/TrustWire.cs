using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Services.Identity.Roles;

namespace Ciel.Services.Identity.Delegation;

/// <summary>A trust, and its roles where they are shown.</summary>
internal sealed record Trust(TrustRow Row, IReadOnlyList<RoleRow>? Roles)
{
    /// <summary>The call, for the links of its roles.</summary>
    public Call? Links { get; init; }
}

/// <summary>The JSON of trusts.</summary>
internal static class TrustWire
{
    public static readonly View<Trust> Trust = new("trust", "trusts", "OS-TRUST/trusts", t => t.Row.Id, Fields);

    private static void Fields(Utf8JsonWriter json, Trust trust)
    {
        var row = trust.Row;
        json.WriteString("id", row.Id);
        json.WriteString("trustor_user_id", row.TrustorId);
        json.WriteString("trustee_user_id", row.TrusteeId);
        json.WriteString("project_id", row.ProjectId);
        json.WriteBoolean("impersonation", row.Impersonation);
        json.WriteString("expires_at", row.ExpiresAt is { } at ? Instant.Text(at) : null);
        json.WriteNull("deleted_at");
        json.WriteNumberOrNull("remaining_uses", row.RemainingUses);

        json.WriteNumber("redelegation_count", row.RedelegationCount);
        json.WriteString("redelegated_trust_id", row.RedelegatedTrustId);
        Extra.Write(json, row.Extra);
        if (trust is { Roles: { } roles, Links: { } call })
        {
            json.WriteStartArray("roles");
            foreach (var role in roles)
            {
                RoleWire.Role.Write(json, role, call);
            }

            json.WriteEndArray();
        }
    }
}
