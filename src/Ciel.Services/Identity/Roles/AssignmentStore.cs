using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity.Roles;

/// <summary>The SQL of role assignments.</summary>
internal static class AssignmentStore
{
    private const string OfUser =
        """
        ((a.actor_type = 'user' AND a.actor_id = @userId)
          OR (a.actor_type = 'group' AND a.actor_id IN (SELECT m.group_id FROM identity_membership m WHERE m.user_id = @userId)))
        """;

    /// <summary>The ids of the roles that a user has in a scope, by itself, by groups and by inheritance; implied roles are not among them.</summary>
    public static Task<List<string>> RolesOf(Reader reader, string userId, ScopeKind scope, string? scopeId) => scope switch
    {
        ScopeKind.System => Direct(reader, userId, Assignment.System, Assignment.System),
        ScopeKind.Domain => Direct(reader, userId, Assignment.Domain, scopeId!),
        ScopeKind.Project => reader.Query<string>(
            $"""
            WITH RECURSIVE up(id) AS (
                SELECT parent_id FROM identity_project WHERE id = @scopeId AND parent_id IS NOT NULL
                UNION
                SELECT p.parent_id FROM identity_project p JOIN up ON p.id = up.id WHERE p.parent_id IS NOT NULL)
            SELECT DISTINCT a.role_id FROM identity_assignment a
            WHERE {OfUser}
            AND ((a.target_type = 'project' AND a.target_id = @scopeId AND a.inherited = 0)
              OR (a.target_type IN ('project', 'domain') AND a.inherited = 1 AND a.target_id IN (SELECT id FROM up)))
            """,
            new { userId, scopeId }),
        _ => Task.FromResult(new List<string>()),
    };

    public static async Task<bool> Grant(Tx tx, Assignment a) => await tx.Execute(
        """
        INSERT INTO identity_assignment (actor_type, actor_id, target_type, target_id, role_id, inherited)
        VALUES (@ActorType, @ActorId, @TargetType, @TargetId, @RoleId, @Inherited) ON CONFLICT DO NOTHING
        """,
        a) == 1;

    public static async Task<bool> Revoke(Tx tx, Assignment a) => await tx.Execute(
        """
        DELETE FROM identity_assignment WHERE actor_type = @ActorType AND actor_id = @ActorId AND target_type = @TargetType
        AND target_id = @TargetId AND role_id = @RoleId AND inherited = @Inherited
        """,
        a) == 1;

    public static async Task<bool> Has(Reader reader, Assignment a) => await reader.Scalar<long>(
        """
        SELECT COUNT(*) FROM identity_assignment WHERE actor_type = @ActorType AND actor_id = @ActorId AND target_type = @TargetType
        AND target_id = @TargetId AND role_id = @RoleId AND inherited = @Inherited
        """,
        a) == 1;

    /// <summary>The roles that the actor was given on the target, whatever role the argument names.</summary>
    public static Task<List<RoleRow>> Roles(Reader reader, Assignment a) => reader.Query<RoleRow>(
        """
        SELECT r.* FROM identity_role r JOIN identity_assignment a ON a.role_id = r.id
        WHERE a.actor_type = @ActorType AND a.actor_id = @ActorId AND a.target_type = @TargetType AND a.target_id = @TargetId AND a.inherited = @Inherited
        ORDER BY r.name, r.id
        """,
        a);

    /// <summary>Removes every assignment of an actor, on a target, or of a role.</summary>
    public static Task Forget(Tx tx, string id) =>
        tx.Execute("DELETE FROM identity_assignment WHERE actor_id = @id OR target_id = @id OR role_id = @id", new { id });

    private static Task<List<string>> Direct(Reader reader, string userId, string targetType, string targetId) => reader.Query<string>(
        $"SELECT DISTINCT a.role_id FROM identity_assignment a WHERE {OfUser} AND a.target_type = @targetType AND a.target_id = @targetId AND a.inherited = 0",
        new { userId, targetType, targetId });
}
