using Ciel.Core.Errors;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Projects;

/// <summary>Projects above and below one another.</summary>
internal static class ProjectTree
{
    /// <summary>Levels that projects may have below their domain, as in Keystone.</summary>
    public const int Deepest = 5;

    /// <summary>From the project's parent up; the domain's own row is not among them.</summary>
    public static async Task<IReadOnlyList<ProjectRow>> Above(Reader reader, ProjectRow project)
    {
        var above = new List<ProjectRow>();
        while (above.Count <= Deepest && (above.LastOrDefault() ?? project).ParentId is { } id && await ProjectStore.Find(reader, id) is { IsDomain: false } parent)
        {
            above.Add(parent);
        }

        return above;
    }

    /// <summary>All projects below, each behind its parent.</summary>
    public static Task<List<ProjectRow>> Below(Reader reader, string id) => reader.Query<ProjectRow>(
        """
        WITH RECURSIVE down(id, depth) AS (
            SELECT id, 1 FROM identity_project WHERE parent_id = @id
            UNION
            SELECT p.id, d.depth + 1 FROM identity_project p JOIN down d ON p.parent_id = d.id)
        SELECT p.* FROM identity_project p JOIN down d ON d.id = p.id ORDER BY d.depth, p.id
        """,
        new { id });

    /// <summary>The parent of a new project: in the same domain, enabled all the way up, and not too deep.</summary>
    /// <exception cref="Fault">400, 403 or 404 where it cannot be.</exception>
    public static async Task CheckParent(Reader reader, string parentId, string domainId)
    {
        var parent = await ProjectStore.Find(reader, parentId) ?? throw Rules.Missing("project", parentId);
        if (parent.HomeDomainId != domainId)
        {
            throw Fault.BadRequest("Cannot create project, the parent is not in the same domain.");
        }

        var above = parent.IsDomain ? [] : (IReadOnlyList<ProjectRow>)[parent, .. await Above(reader, parent)];
        if (above.Count >= Deepest)
        {
            throw Fault.Forbidden($"Max hierarchy depth reached for {parentId} branch.");
        }

        if (!parent.Enabled || above.Any(p => !p.Enabled))
        {
            throw Fault.Forbidden("Cannot create project in a branch containing a disabled project: " + parentId + ".");
        }
    }
}
