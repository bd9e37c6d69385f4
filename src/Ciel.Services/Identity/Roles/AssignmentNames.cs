using Ciel.Core.Store;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Roles;

/// <summary>The names behind the ids of listed assignments, and the domains that these bear.</summary>
internal sealed record AssignmentNames(
    IReadOnlyDictionary<string, UserRow> Users,
    IReadOnlyDictionary<string, GroupRow> Groups,
    IReadOnlyDictionary<string, RoleRow> Roles,
    IReadOnlyDictionary<string, ProjectRow> Projects)
{
    public static async Task<AssignmentNames> Load(Reader reader, IReadOnlyList<ListedAssignment> listed)
    {
        var actors = listed.Select(a => a.Assignment.ActorId).Distinct().ToArray();
        return new AssignmentNames(
            (await reader.Query<UserRow>("SELECT * FROM identity_user WHERE id IN @actors", new { actors })).ToDictionary(u => u.Id),
            (await reader.Query<GroupRow>("SELECT * FROM identity_group WHERE id IN @actors", new { actors })).ToDictionary(g => g.Id),
            (await reader.Query<RoleRow>("SELECT * FROM identity_role")).ToDictionary(r => r.Id),
            (await reader.Query<ProjectRow>("SELECT * FROM identity_project")).ToDictionary(p => p.Id));
    }
}
