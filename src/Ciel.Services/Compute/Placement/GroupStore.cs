using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Servers that belong together, or rather apart.</summary>
internal sealed record ServerGroup
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; init; }

    /// <summary><c>affinity, anti-affinity, soft-affinity, soft-anti-affinity</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>How many may share a node under anti-affinity; null for one.</summary>
    public int? MaxPerHost { get; init; }

    public long CreatedAt { get; init; }
}

/// <summary>The SQL of server groups.</summary>
internal static class GroupStore
{
    public static Task<ServerGroup?> Find(Reader reader, string id) => reader.First<ServerGroup>("SELECT * FROM compute_server_group WHERE id = @id", new { id });

    /// <exception cref="Fault">404 where there is none that the actor may see.</exception>
    public static async Task<ServerGroup> Visible(Reader reader, Actor actor, string id) =>
        await Find(reader, id) is { } group && actor.Sees(group.ProjectId) ? group : throw Fault.NotFound($"Instance group {id} could not be found.");

    public static Task<List<ServerGroup>> List(Reader reader, string? projectId, int limit, int offset) => reader.Query<ServerGroup>(
        $"SELECT * FROM compute_server_group {(projectId is null ? "" : "WHERE project_id = @projectId")} ORDER BY created_at, id LIMIT @limit OFFSET @offset",
        new { projectId = projectId ?? "", limit, offset });

    public static Task<List<string>> Members(Reader reader, string id) =>
        reader.Query<string>("SELECT id FROM compute_server WHERE group_id = @id AND deleted_at IS NULL ORDER BY created_at, id", new { id });

    public static async Task Insert(Tx tx, ServerGroup group)
    {
        if (await QuotaBook.Take(tx, group.ProjectId, ComputeQuotas.ServerGroups, 1, ComputeQuotas.Defaults[ComputeQuotas.ServerGroups]) is not null)
        {
            throw Fault.Forbidden("Quota exceeded, too many server groups.", "OverQuota");
        }

        await tx.Execute(
            """
            INSERT INTO compute_server_group (id, project_id, user_id, name, policy, max_per_host, created_at)
            VALUES (@Id, @ProjectId, @UserId, @Name, @Policy, @MaxPerHost, @CreatedAt)
            """,
            group);
    }

    public static async Task Delete(Tx tx, ServerGroup group)
    {
        if (await tx.Execute("DELETE FROM compute_server_group WHERE id = @Id", group) == 1)
        {
            await QuotaBook.Return(tx, group.ProjectId, ComputeQuotas.ServerGroups, 1);
        }
    }
}
