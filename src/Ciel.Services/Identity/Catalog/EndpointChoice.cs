using System.Text.Json;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Catalog;

/// <summary>Which endpoints were chosen for a project, one by one or by groups (OS-EP-FILTER).</summary>
internal static class EndpointChoice
{
    /// <summary>The chosen ones; none means that nothing was chosen.</summary>
    public static async Task<List<EndpointRow>> Of(Reader reader, string projectId, IReadOnlyList<EndpointRow> all)
    {
        var ids = (await reader.Query<string>("SELECT endpoint_id FROM identity_endpoint_project WHERE project_id = @projectId", new { projectId })).ToHashSet();
        var filters = await reader.Query<string>(
            """
            SELECT g.filters FROM identity_endpoint_group g JOIN identity_endpoint_group_project p ON p.endpoint_group_id = g.id
            WHERE p.project_id = @projectId
            """,
            new { projectId });
        return [.. all.Where(e => ids.Contains(e.Id) || filters.Any(f => Matches(f, e)))];
    }

    /// <summary>Whether an endpoint has all that a group's filters name.</summary>
    public static bool Matches(string filters, EndpointRow endpoint)
    {
        using var document = JsonDocument.Parse(filters);
        return document.RootElement.EnumerateObject().All(f => f.Value.ToString() == f.Name switch
        {
            "interface" => endpoint.Interface,
            "service_id" => endpoint.ServiceId,
            "region_id" => endpoint.RegionId,
            _ => endpoint.Enabled ? "True" : "False",
        });
    }
}
