using Ciel.Core.Store;
using Ciel.Services.Identity.Tokens;

namespace Ciel.Services.Identity.Delegation;

/// <summary>The SQL of access rules.</summary>
internal static class AccessRuleStore
{
    public static Task<AccessRule?> Find(Reader reader, string user, string id) =>
        reader.First<AccessRule>("SELECT * FROM identity_access_rule WHERE id = @id AND user_id = @user", new { id, user });

    /// <summary>The same rule of the same user is kept once.</summary>
    public static async Task<AccessRule> Keep(Tx tx, string userId, AccessRule rule)
    {
        var found = await tx.First<AccessRule>(
            "SELECT id, service, method, path FROM identity_access_rule WHERE user_id = @userId AND service = @Service AND method = @Method AND path = @Path",
            new { userId, rule.Service, rule.Method, rule.Path });
        if (found is not null)
        {
            return found;
        }

        await tx.Execute(
            "INSERT INTO identity_access_rule (id, user_id, service, method, path) VALUES (@Id, @userId, @Service, @Method, @Path)",
            new { rule.Id, userId, rule.Service, rule.Method, rule.Path });
        return rule;
    }

    public static async Task<bool> IsUsed(Reader reader, string id) =>
        await reader.Scalar<long>("SELECT COUNT(*) FROM identity_app_credential_rule WHERE rule_id = @id", new { id }) > 0;

    public static Task Delete(Tx tx, string id) => tx.Execute("DELETE FROM identity_access_rule WHERE id = @id", new { id });
}
