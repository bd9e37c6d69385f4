using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>The SQL of IAM.</summary>
internal static class IamStore
{
    public static Task<IamRow?> Find(Reader reader, string project, string kind, string name) => reader.First<IamRow>(
        "SELECT * FROM object_iam WHERE project_id = @project AND kind = @kind AND name_key = @key", new { project, kind, key = name.ToLowerInvariant() });

    public static Task<IamRow?> ById(Reader reader, string id) => reader.First<IamRow>("SELECT * FROM object_iam WHERE id = @id", new { id });

    public static Task<List<IamRow>> All(Reader reader, string project, string kind) => reader.Query<IamRow>(
        "SELECT * FROM object_iam WHERE project_id = @project AND kind = @kind ORDER BY name_key", new { project, kind });

    public static Task<List<(string Kind, long Count)>> Counts(Reader reader, string project) =>
        reader.Query<(string, long)>("SELECT kind, COUNT(*) FROM object_iam WHERE project_id = @project GROUP BY kind", new { project });

    public static Task Insert(Tx tx, IamRow row) => tx.Execute(
        """
        INSERT INTO object_iam (id, project_id, kind, name, name_key, document, created_at)
        VALUES (@Id, @ProjectId, @Kind, @Name, @NameKey, @Document, @CreatedAt)
        """,
        row);

    public static Task Update(Tx tx, IamRow row) =>
        tx.Execute("UPDATE object_iam SET name = @Name, name_key = @NameKey, document = @Document WHERE id = @Id", row);

    public static Task Delete(Tx tx, string id) => tx.Execute("DELETE FROM object_iam WHERE id = @id", new { id });

    public static Task<IamKeyRow?> Key(Reader reader, string access) => reader.First<IamKeyRow>("SELECT * FROM object_iam_key WHERE access = @access", new { access });

    public static Task<List<IamKeyRow>> Keys(Reader reader, string userId) =>
        reader.Query<IamKeyRow>("SELECT * FROM object_iam_key WHERE user_id = @userId ORDER BY access", new { userId });

    public static Task Insert(Tx tx, IamKeyRow row) => tx.Execute(
        "INSERT INTO object_iam_key (access, project_id, user_id, secret, active, created_at) VALUES (@Access, @ProjectId, @UserId, @Secret, @Active, @CreatedAt)", row);

    public static Task<int> Activate(Tx tx, string userId, string access, bool active) =>
        tx.Execute("UPDATE object_iam_key SET active = @active WHERE access = @access AND user_id = @userId", new { userId, access, active });

    public static Task<int> DeleteKey(Tx tx, string userId, string access) =>
        tx.Execute("DELETE FROM object_iam_key WHERE access = @access AND user_id = @userId", new { userId, access });

    /// <summary>Removes all of an account that is gone.</summary>
    public static async Task Forget(Tx tx, string project)
    {
        await tx.Execute("DELETE FROM object_iam WHERE project_id = @project", new { project });
        await tx.Execute("DELETE FROM object_iam_key WHERE project_id = @project", new { project });
    }
}

/// <summary>An IAM user's access key.</summary>
internal sealed record IamKeyRow
{
    public required string Access { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    /// <summary>Sealed.</summary>
    public required string Secret { get; init; }

    public bool Active { get; init; } = true;

    public long CreatedAt { get; init; }
}
