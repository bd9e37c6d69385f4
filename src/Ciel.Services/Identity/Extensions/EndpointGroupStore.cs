using Ciel.Core.Store;

namespace Ciel.Services.Identity.Extensions;

/// <summary>A row of identity_endpoint_group: endpoints by what they have in common; the filters as JSON text.</summary>
internal sealed record EndpointGroupRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string Filters { get; init; }
}

/// <summary>The SQL of endpoint groups.</summary>
internal static class EndpointGroupStore
{
    public static Task<EndpointGroupRow?> Find(Reader reader, string id) => reader.First<EndpointGroupRow>("SELECT * FROM identity_endpoint_group WHERE id = @id", new { id });

    public static async Task<EndpointGroupRow> Get(Reader reader, string id) => await Find(reader, id) ?? throw Rules.Missing("Endpoint Group", id);

    public static Task<List<EndpointGroupRow>> OfProject(Reader reader, string project) => reader.Query<EndpointGroupRow>(
        """
        SELECT g.* FROM identity_endpoint_group g JOIN identity_endpoint_group_project p ON p.endpoint_group_id = g.id
        WHERE p.project_id = @project ORDER BY g.id
        """,
        new { project });

    public static Task Insert(Tx tx, EndpointGroupRow row) =>
        tx.Execute("INSERT INTO identity_endpoint_group (id, name, description, filters) VALUES (@Id, @Name, @Description, @Filters)", row);

    public static Task Update(Tx tx, EndpointGroupRow row) =>
        tx.Execute("UPDATE identity_endpoint_group SET name = @Name, description = @Description, filters = @Filters WHERE id = @Id", row);

    public static async Task Delete(Tx tx, string id)
    {
        await tx.Execute("DELETE FROM identity_endpoint_group_project WHERE endpoint_group_id = @id", new { id });
        await tx.Execute("DELETE FROM identity_endpoint_group WHERE id = @id", new { id });
    }
}
