using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Identity.Projects;

/// <summary>A project with its tags.</summary>
internal sealed record TaggedProject(ProjectRow Row, IReadOnlyList<string> Tags);

/// <summary>The JSON of projects and domains.</summary>
internal static class ProjectWire
{
    public static readonly View<TaggedProject> Project = new("project", "projects", "projects", p => p.Row.Id, Fields);
    public static readonly View<TaggedProject> Domain = new("domain", "domains", "domains", p => p.Row.Id, DomainFields);

    private static void Fields(Utf8JsonWriter json, TaggedProject project)
    {
        var row = project.Row;
        json.WriteString("id", row.Id);
        json.WriteString("name", row.Name);
        json.WriteString("domain_id", row.IsDomain ? null : row.DomainId);
        json.WriteString("description", row.Description);
        json.WriteBoolean("enabled", row.Enabled);
        json.WriteString("parent_id", row.ParentId);
        json.WriteBoolean("is_domain", row.IsDomain);
        Rest(json, project);
    }

    private static void DomainFields(Utf8JsonWriter json, TaggedProject project)
    {
        json.WriteString("id", project.Row.Id);
        json.WriteString("name", project.Row.Name);
        json.WriteString("description", project.Row.Description);
        json.WriteBoolean("enabled", project.Row.Enabled);
        Rest(json, project);
    }

    private static void Rest(Utf8JsonWriter json, TaggedProject project)
    {
        json.WriteStrings("tags", project.Tags);
        Extra.WriteRaw(json, "options", project.Row.Options);
        Extra.Write(json, project.Row.Extra);
    }
}
