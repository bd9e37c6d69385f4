using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Roles;

/// <summary>
/// Keeps a domain's managers in their domain: an admin of any project is an admin of the cloud, so they may neither hand out that
/// role nor take over whoever has it, or was lent it by a trust, by a new password or by joining its group.
/// </summary>
internal static class Reach
{
    /// <summary>Refuses a domain's manager who would act on a user or group that reaches beyond that domain.</summary>
    public static async Task MustCover(Reader reader, Actor actor, string actorId, string action)
    {
        if (actor.IsAdmin)
        {
            return;
        }

        var graph = await RoleGraph.Load(reader);
        var held = await reader.Query<(string Role, string TargetType, string Target)>(
            """
            SELECT a.role_id, a.target_type, a.target_id FROM identity_assignment a
            WHERE a.actor_id = @actorId OR (a.actor_type = 'group' AND a.actor_id IN (SELECT m.group_id FROM identity_membership m WHERE m.user_id = @actorId))
            """,
            new { actorId });
        var lent = await reader.Query<string>(
            "SELECT DISTINCT r.role_id FROM identity_trust_role r JOIN identity_trust t ON t.id = r.trust_id WHERE t.trustee_id = @actorId AND t.deleted_at IS NULL",
            new { actorId });
        var beyond = lent.Any(graph.ReachesCloud) || held.Any(h => h.TargetType == Assignment.System || (graph.ReachesCloud(h.Role) && !(h.TargetType == Assignment.Domain && h.Target == actor.DomainId)));
        Rules.Must(!beyond, action);
    }

    /// <summary>Refuses a domain's manager who would hand out a role that reaches beyond that domain.</summary>
    public static async Task MustGive(Reader reader, Actor actor, string roleId, string action)
    {
        if (!actor.IsAdmin)
        {
            Rules.Must(!(await RoleGraph.Load(reader)).ReachesCloud(roleId), action);
        }
    }
}
