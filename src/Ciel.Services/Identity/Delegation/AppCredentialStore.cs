using Ciel.Core.Store;
using Ciel.Services.Identity.Roles;
using Ciel.Services.Identity.Tokens;

namespace Ciel.Services.Identity.Delegation;

/// <summary>The SQL of application credentials and their access rules.</summary>
internal static class AppCredentialStore
{
    public static Task<AppCredentialRow?> Find(Reader reader, string id) =>
        reader.First<AppCredentialRow>("SELECT * FROM identity_app_credential WHERE id = @id", new { id });

    public static Task<AppCredentialRow?> ByName(Reader reader, string userId, string name) =>
        reader.First<AppCredentialRow>("SELECT * FROM identity_app_credential WHERE user_id = @userId AND name = @name", new { userId, name });

    public static Task<List<string>> RoleIds(Reader reader, string id) =>
        reader.Query<string>("SELECT role_id FROM identity_app_credential_role WHERE app_credential_id = @id", new { id });

    public static async Task<IReadOnlyList<AccessRule>> Rules(Reader reader, string id) => await reader.Query<AccessRule>(
        """
        SELECT r.* FROM identity_access_rule r JOIN identity_app_credential_rule u ON u.rule_id = r.id WHERE u.app_credential_id = @id ORDER BY r.id
        """,
        new { id });

    public static async Task<AppCredential> Whole(Reader reader, AppCredentialRow row) => new(
        row,
        await reader.Query<RoleRow>(
            "SELECT r.* FROM identity_role r JOIN identity_app_credential_role a ON a.role_id = r.id WHERE a.app_credential_id = @Id ORDER BY r.name", row),
        await Rules(reader, row.Id));

    public static async Task Insert(Tx tx, AppCredential credential)
    {
        var id = credential.Row.Id;
        await tx.Execute(
            """
            INSERT INTO identity_app_credential (id, user_id, project_id, name, description, secret_hash, expires_at, unrestricted, created_at)
            VALUES (@Id, @UserId, @ProjectId, @Name, @Description, @SecretHash, @ExpiresAt, @Unrestricted, @CreatedAt)
            """,
            credential.Row);
        foreach (var role in credential.Roles)
        {
            await tx.Execute("INSERT INTO identity_app_credential_role (app_credential_id, role_id) VALUES (@id, @role)", new { id, role = role.Id });
        }

        foreach (var rule in credential.Rules)
        {
            await tx.Execute("INSERT INTO identity_app_credential_rule (app_credential_id, rule_id) VALUES (@id, @rule) ON CONFLICT DO NOTHING", new { id, rule = rule.Id });
        }
    }

    public static Task Delete(Tx tx, string id) => DeleteWhere(tx, "id = @key", id);

    public static Task DeleteOfProject(Tx tx, string projectId) => DeleteWhere(tx, "project_id = @key", projectId);

    public static async Task DeleteOfUser(Tx tx, string userId)
    {
        await DeleteWhere(tx, "user_id = @key", userId);
        await tx.Execute("DELETE FROM identity_access_rule WHERE user_id = @userId", new { userId });
    }

    private static async Task DeleteWhere(Tx tx, string condition, string key)
    {
        foreach (var table in (string[])["identity_app_credential_role", "identity_app_credential_rule"])
        {
            await tx.Execute($"DELETE FROM {table} WHERE app_credential_id IN (SELECT id FROM identity_app_credential WHERE {condition})", new { key });
        }

        await tx.Execute($"DELETE FROM identity_app_credential WHERE {condition}", new { key });
    }
}
