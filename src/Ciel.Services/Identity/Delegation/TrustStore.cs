using Ciel.Core.Store;
using Ciel.Services.Identity.Roles;

namespace Ciel.Services.Identity.Delegation;

/// <summary>The SQL of trusts.</summary>
internal static class TrustStore
{
    public static Task<TrustRow?> Find(Reader reader, string id) =>
        reader.First<TrustRow>("SELECT * FROM identity_trust WHERE id = @id AND deleted_at IS NULL", new { id });

    public static Task<List<string>> RoleIds(Reader reader, string id) =>
        reader.Query<string>("SELECT role_id FROM identity_trust_role WHERE trust_id = @id ORDER BY role_id", new { id });

    public static Task<List<RoleRow>> Roles(Reader reader, string id) => reader.Query<RoleRow>(
        "SELECT r.* FROM identity_role r JOIN identity_trust_role t ON t.role_id = r.id WHERE t.trust_id = @id ORDER BY r.name", new { id });

    public static async Task Insert(Tx tx, TrustRow row, IEnumerable<string> roleIds)
    {
        await tx.Execute(
            """
            INSERT INTO identity_trust (id, trustor_id, trustee_id, project_id, impersonation, expires_at, remaining_uses, allow_redelegation,
                redelegation_count, redelegated_trust_id, deleted_at, extra, created_at)
            VALUES (@Id, @TrustorId, @TrusteeId, @ProjectId, @Impersonation, @ExpiresAt, @RemainingUses, @AllowRedelegation,
                @RedelegationCount, @RedelegatedTrustId, @DeletedAt, @Extra, @CreatedAt)
            """,
            row);
        foreach (var roleId in roleIds)
        {
            await tx.Execute("INSERT INTO identity_trust_role (trust_id, role_id) VALUES (@Id, @roleId)", new { row.Id, roleId });
        }
    }

    /// <summary>Marks the trust and those that were made from it as deleted.</summary>
    public static Task Delete(Tx tx, string id) => tx.Execute(
        """
        UPDATE identity_trust SET deleted_at = @now WHERE deleted_at IS NULL AND id IN (
            WITH RECURSIVE down(id) AS (
                SELECT id FROM identity_trust WHERE id = @id
                UNION
                SELECT t.id FROM identity_trust t JOIN down d ON t.redelegated_trust_id = d.id)
            SELECT id FROM down)
        """,
        new { id, now = tx.Now });

    public static Task DeleteOfProject(Tx tx, string projectId) =>
        tx.Execute("UPDATE identity_trust SET deleted_at = @now WHERE deleted_at IS NULL AND project_id = @projectId", new { projectId, now = tx.Now });

    public static Task DeleteOfUser(Tx tx, string userId) => tx.Execute(
        "UPDATE identity_trust SET deleted_at = @now WHERE deleted_at IS NULL AND (trustor_id = @userId OR trustee_id = @userId)", new { userId, now = tx.Now });
}
