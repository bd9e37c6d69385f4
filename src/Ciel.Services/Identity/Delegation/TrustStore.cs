using Ciel.Core.Store;

namespace Ciel.Services.Identity.Delegation;

/// <summary>The SQL of trusts.</summary>
internal static class TrustStore
{
    public static Task<TrustRow?> Find(Reader reader, string id) =>
        reader.First<TrustRow>("SELECT * FROM identity_trust WHERE id = @id AND deleted_at IS NULL", new { id });

    public static Task<List<string>> RoleIds(Reader reader, string id) =>
        reader.Query<string>("SELECT role_id FROM identity_trust_role WHERE trust_id = @id ORDER BY role_id", new { id });
}
