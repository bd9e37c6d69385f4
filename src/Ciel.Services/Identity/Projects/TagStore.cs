using Ciel.Core.Store;

namespace Ciel.Services.Identity.Projects;

/// <summary>The SQL of projects' tags.</summary>
internal static class TagStore
{
    public static Task<List<string>> Of(Reader reader, string projectId) =>
        reader.Query<string>("SELECT name FROM identity_project_tag WHERE project_id = @projectId ORDER BY name", new { projectId });

    public static async Task<TaggedProject> WithTags(Reader reader, ProjectRow row) => new(row, await Of(reader, row.Id));

    public static async Task<IReadOnlyList<TaggedProject>> WithTags(Reader reader, IReadOnlyList<ProjectRow> rows)
    {
        var ids = rows.Select(r => r.Id).ToArray();
        var tags = await reader.Query<(string ProjectId, string Name)>(
            "SELECT project_id, name FROM identity_project_tag WHERE project_id IN @ids ORDER BY name", new { ids });
        var byProject = tags.ToLookup(t => t.ProjectId, t => t.Name);
        return [.. rows.Select(r => new TaggedProject(r, [.. byProject[r.Id]]))];
    }

    public static async Task Replace(Tx tx, string projectId, IReadOnlyList<string> tags)
    {
        await Clear(tx, projectId);
        foreach (var tag in tags.Distinct())
        {
            await Add(tx, projectId, tag);
        }
    }

    public static Task Add(Tx tx, string projectId, string name) => tx.Execute(
        "INSERT INTO identity_project_tag (project_id, name) VALUES (@projectId, @name) ON CONFLICT DO NOTHING", new { projectId, name });

    public static async Task<bool> Remove(Tx tx, string projectId, string name) =>
        await tx.Execute("DELETE FROM identity_project_tag WHERE project_id = @projectId AND name = @name", new { projectId, name }) == 1;

    public static Task Clear(Tx tx, string projectId) => tx.Execute("DELETE FROM identity_project_tag WHERE project_id = @projectId", new { projectId });
}
