using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>The SQL of replication targets.</summary>
internal static class TargetStore
{
    public static Task<TargetRow?> Find(Reader reader, string projectId, string name) =>
        reader.First<TargetRow>("SELECT * FROM object_target WHERE project_id = @projectId AND name = @name", new { projectId, name });

    public static Task<List<TargetRow>> OfProject(Reader reader, string projectId) =>
        reader.Query<TargetRow>("SELECT * FROM object_target WHERE project_id = @projectId ORDER BY name", new { projectId });

    public static Task Put(Tx tx, TargetRow row) => tx.Execute(
        """
        INSERT INTO object_target (id, project_id, name, endpoint, region, access, secret, created_at)
        VALUES (@Id, @ProjectId, @Name, @Endpoint, @Region, @Access, @Secret, @CreatedAt)
        ON CONFLICT (project_id, name) DO UPDATE SET endpoint = excluded.endpoint, region = excluded.region, access = excluded.access, secret = excluded.secret
        """,
        row);

    public static Task Delete(Tx tx, string projectId, string name) => tx.Execute("DELETE FROM object_target WHERE project_id = @projectId AND name = @name", new { projectId, name });

    public static Task DeleteAll(Tx tx, string projectId) => tx.Execute("DELETE FROM object_target WHERE project_id = @projectId", new { projectId });
}
