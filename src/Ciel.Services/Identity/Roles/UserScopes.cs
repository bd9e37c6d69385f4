using Ciel.Core.Store;
using Ciel.Services.Identity.Projects;

namespace Ciel.Services.Identity.Roles;

/// <summary>Where a user has a role: by itself, by groups, by inheritance.</summary>
internal static class UserScopes
{
    private const string Mine =
        """
        WITH RECURSIVE mine(target_type, target_id, inherited) AS (
            SELECT a.target_type, a.target_id, a.inherited FROM identity_assignment a
            WHERE (a.actor_type = 'user' AND a.actor_id = @userId)
            OR (a.actor_type = 'group' AND a.actor_id IN (SELECT m.group_id FROM identity_membership m WHERE m.user_id = @userId))),
        below(id) AS (
            SELECT p.id FROM identity_project p JOIN mine m ON p.parent_id = m.target_id WHERE m.inherited = 1
            UNION
            SELECT p.id FROM identity_project p JOIN below b ON p.parent_id = b.id)
        """;

    public static Task<List<ProjectRow>> Projects(Reader reader, string userId) => reader.Query<ProjectRow>(
        Mine + """

        SELECT p.* FROM identity_project p
        WHERE p.id IN (SELECT id FROM below) OR p.id IN (SELECT target_id FROM mine WHERE target_type = 'project' AND inherited = 0)
        ORDER BY p.name, p.id
        """,
        new { userId });

    public static Task<List<ProjectRow>> Domains(Reader reader, string userId) => reader.Query<ProjectRow>(
        Mine + """

        SELECT p.* FROM identity_project p
        WHERE p.is_domain = 1 AND p.id IN (SELECT target_id FROM mine WHERE target_type = 'domain' AND inherited = 0)
        ORDER BY p.name, p.id
        """,
        new { userId });

    public static async Task<bool> System(Reader reader, string userId) => await reader.Scalar<long>(
        Mine + "\nSELECT COUNT(*) FROM mine WHERE target_type = 'system'", new { userId }) > 0;
}
