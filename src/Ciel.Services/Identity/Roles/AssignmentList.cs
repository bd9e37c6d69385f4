using Ciel.Core.Store;
using Ciel.Services.Identity.Projects;

namespace Ciel.Services.Identity.Roles;

/// <summary>What a list of role assignments is asked for.</summary>
internal sealed record AssignmentFilter
{
    public string? UserId { get; init; }

    public string? GroupId { get; init; }

    public string? RoleId { get; init; }

    public string? ProjectId { get; init; }

    public string? DomainId { get; init; }

    public bool System { get; init; }

    public bool Inherited { get; init; }

    /// <summary>Groups become their members, inherited roles the projects below, roles what they imply.</summary>
    public bool Effective { get; init; }

    /// <summary>The projects below <see cref="ProjectId"/> count too.</summary>
    public bool Subtree { get; init; }
}

/// <summary>An assignment, and where it comes from if it was not made so.</summary>
internal sealed record ListedAssignment(Assignment Assignment)
{
    /// <summary>The group by whose membership the user has it.</summary>
    public string? Group { get; init; }

    /// <summary>The role that implies it.</summary>
    public string? PriorRole { get; init; }

    /// <summary>The assignment as it was made.</summary>
    public required Assignment Origin { get; init; }
}

/// <summary>Finds role assignments, as they were made or as they work out.</summary>
internal static class AssignmentList
{
    public static async Task<IReadOnlyList<ListedAssignment>> Of(Reader reader, AssignmentFilter filter)
    {
        var made = (await reader.Query<Assignment>("SELECT * FROM identity_assignment ORDER BY target_id, actor_id, role_id"))
            .Select(a => new ListedAssignment(a) { Origin = a });
        if (filter.Effective)
        {
            made = Effective(
                made,
                await RoleGraph.Load(reader),
                (await reader.Query<(string Group, string User)>("SELECT group_id, user_id FROM identity_membership")).ToLookup(m => m.Group, m => m.User),
                (await reader.Query<ProjectRow>("SELECT * FROM identity_project WHERE parent_id IS NOT NULL")).ToLookup(p => p.ParentId!, p => p.Id));
        }

        var projects = filter.ProjectId is not { } id ? null
            : filter.Subtree ? (await ProjectTree.Below(reader, id)).Select(p => p.Id).Append(id).ToHashSet()
            : new HashSet<string> { id };
        return [.. made.Where(a => Matches(a.Assignment, filter, projects))];
    }

    /// <summary>Works assignments out: pure.</summary>
    internal static IEnumerable<ListedAssignment> Effective(
        IEnumerable<ListedAssignment> made, RoleGraph graph, ILookup<string, string> members, ILookup<string, string> below)
    {
        var seen = new HashSet<Assignment>();
        return made
            .SelectMany(a => a.Assignment.ActorType == Assignment.User ? [a]
                : members[a.Assignment.ActorId].Select(u => a with { Assignment = a.Assignment with { ActorType = Assignment.User, ActorId = u }, Group = a.Assignment.ActorId }))
            .SelectMany(a => !a.Assignment.Inherited ? [a]
                : Descendants(below, a.Assignment.TargetId).Select(p => a with { Assignment = a.Assignment with { TargetType = Assignment.Project, TargetId = p, Inherited = false } }))
            .SelectMany(a => graph.Effective([a.Assignment.RoleId]).Select(r => a with
            {
                Assignment = a.Assignment with { RoleId = r.Id },
                PriorRole = r.Id == a.Assignment.RoleId ? null : a.Assignment.RoleId,
            }))
            .Where(a => seen.Add(a.Assignment));
    }

    private static IEnumerable<string> Descendants(ILookup<string, string> below, string id) => below[id].SelectMany(c => Descendants(below, c).Prepend(c));

    private static bool Matches(Assignment a, AssignmentFilter filter, HashSet<string>? projects) =>
        (filter.UserId is null || (a.ActorType == Assignment.User && a.ActorId == filter.UserId))
        && (filter.GroupId is null || (a.ActorType == Assignment.Group && a.ActorId == filter.GroupId))
        && (filter.RoleId is null || a.RoleId == filter.RoleId)
        && (projects is null || (a.TargetType == Assignment.Project && projects.Contains(a.TargetId)))
        && (filter.DomainId is null || (a.TargetType == Assignment.Domain && a.TargetId == filter.DomainId))
        && (!filter.System || a.TargetType == Assignment.System)
        && (!filter.Inherited || a.Inherited);
}
