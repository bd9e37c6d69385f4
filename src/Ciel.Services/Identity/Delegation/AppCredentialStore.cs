using Ciel.Core.Store;
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
}
