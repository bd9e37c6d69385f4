using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Buckets;

/// <summary>The SQL of buckets.</summary>
internal static class BucketStore
{
    public static Task<BucketRow?> Find(Reader reader, string name) => reader.First<BucketRow>("SELECT * FROM object_bucket WHERE name = @name", new { name });

    public static Task<BucketRow?> ById(Reader reader, string id) => reader.First<BucketRow>("SELECT * FROM object_bucket WHERE id = @id", new { id });

    public static Task<BucketRow?> ForUpdate(Tx tx, string id) => tx.First<BucketRow>($"SELECT * FROM object_bucket WHERE id = @id {tx.Dialect.ForUpdate}", new { id });

    /// <summary>The bucket, which stays until this transaction ends; writers of objects do not wait for one another.</summary>
    public static Task<BucketRow?> Hold(Tx tx, string id) => tx.First<BucketRow>($"SELECT * FROM object_bucket WHERE id = @id {tx.Dialect.ForKeyShare}", new { id });

    /// <summary>Waits until no transaction writes into the project's buckets, and lets none begin before this one ends.</summary>
    public static Task HoldAll(Tx tx, string projectId) => tx.Query<string>($"SELECT id FROM object_bucket WHERE project_id = @projectId ORDER BY id {tx.Dialect.ForUpdate}", new { projectId });

    public static Task<List<BucketRow>> OfProject(Reader reader, string projectId, string after, string prefix, int most) => reader.Query<BucketRow>(
        $"SELECT * FROM object_bucket WHERE project_id = @projectId AND name > @after AND {reader.Dialect.StartsWith("name", "@prefix")} ORDER BY name LIMIT @most",
        new { projectId, after, prefix, most });

    /// <summary>The next bucket that has lifecycle rules, from a name on or past it.</summary>
    public static Task<BucketRow?> WithLifecycle(Reader reader, string name, bool itself) => reader.First<BucketRow>(
        $"SELECT * FROM object_bucket WHERE name {(itself ? ">=" : ">")} @name AND {reader.Dialect.Contains("settings", "@kind")} ORDER BY name LIMIT 1",
        new { name, kind = $"\"{SettingKinds.Lifecycle}\":" });

    public static Task Insert(Tx tx, BucketRow row) => tx.Execute(
        """
        INSERT INTO object_bucket (id, name, project_id, owner_name, versioning, locking, settings, created_at)
        VALUES (@Id, @Name, @ProjectId, @OwnerName, @Versioning, @Locking, @Settings, @CreatedAt)
        """,
        row);

    public static Task Update(Tx tx, BucketRow row) => tx.Execute(
        "UPDATE object_bucket SET versioning = @Versioning, locking = @Locking, settings = @Settings WHERE id = @Id", row);

    public static async Task<bool> IsEmpty(Reader reader, string id) =>
        await reader.First<string>("SELECT object_key FROM object_version WHERE bucket_id = @id LIMIT 1", new { id }) is null;

    public static async Task Delete(Tx tx, string id)
    {
        await tx.Execute("DELETE FROM object_usage WHERE bucket_id = @id", new { id });
        await tx.Execute("DELETE FROM object_bucket WHERE id = @id", new { id });
    }
}
