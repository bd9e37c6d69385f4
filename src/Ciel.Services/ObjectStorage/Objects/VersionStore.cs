using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>The SQL of versions.</summary>
internal static class VersionStore
{
    public static Task<VersionRow?> Latest(Reader reader, string bucketId, string key) => reader.First<VersionRow>(
        "SELECT * FROM object_version WHERE bucket_id = @bucketId AND object_key = @key AND latest = 1", new { bucketId, key });

    public static Task<VersionRow?> Find(Reader reader, string bucketId, string key, string? versionId) => versionId is null
        ? Latest(reader, bucketId, key)
        : reader.First<VersionRow>("SELECT * FROM object_version WHERE bucket_id = @bucketId AND object_key = @key AND version_id = @versionId", new { bucketId, key, versionId });

    /// <summary>The version, locked until commit. Two writers of one key meet here, or at the index that allows one latest version.</summary>
    public static Task<VersionRow?> ForUpdate(Tx tx, string bucketId, string key, string? versionId) => tx.First<VersionRow>(
        $"SELECT * FROM object_version WHERE bucket_id = @bucketId AND object_key = @key AND {(versionId is null ? "latest = 1" : "version_id = @versionId")} {tx.Dialect.ForUpdate}",
        new { bucketId, key, versionId });

    /// <summary>The newest rank of a key; null where it has no version.</summary>
    public static Task<long?> NewestRank(Tx tx, string bucketId, string key) => tx.Scalar<long?>(
        "SELECT MIN(rank) FROM object_version WHERE bucket_id = @bucketId AND object_key = @key", new { bucketId, key });

    public static Task<List<VersionRow>> Some(Reader reader, string bucketId, int most) => reader.Query<VersionRow>(
        "SELECT * FROM object_version WHERE bucket_id = @bucketId ORDER BY object_key, rank LIMIT @most", new { bucketId, most });

    public static Task<long> Count(Reader reader, string bucketId, string key) => reader.Scalar<long>(
        "SELECT COUNT(*) FROM object_version WHERE bucket_id = @bucketId AND object_key = @key", new { bucketId, key });

    public static Task Insert(Tx tx, VersionRow row) => tx.Execute(
        """
        INSERT INTO object_version (bucket_id, object_key, rank, version_id, latest, marker, size, etag, content, inline, info, acl, tags,
            retain_mode, retain_until, legal_hold, owner_id, owner_name, created_at)
        VALUES (@BucketId, @ObjectKey, @Rank, @VersionId, @Latest, @Marker, @Size, @Etag, @Content, @Inline, @Info, @Acl, @Tags,
            @RetainMode, @RetainUntil, @LegalHold, @OwnerId, @OwnerName, @CreatedAt)
        """,
        row);

    public static Task Unlatest(Tx tx, string bucketId, string key) => tx.Execute(
        "UPDATE object_version SET latest = 0 WHERE bucket_id = @bucketId AND object_key = @key AND latest = 1", new { bucketId, key });

    public static Task Promote(Tx tx, string bucketId, string key, long rank) => tx.Execute(
        "UPDATE object_version SET latest = 1 WHERE bucket_id = @bucketId AND object_key = @key AND rank = @rank", new { bucketId, key, rank });

    public static Task Delete(Tx tx, VersionRow row) => tx.Execute(
        "DELETE FROM object_version WHERE bucket_id = @BucketId AND object_key = @ObjectKey AND rank = @Rank", row);

    /// <summary>Changes what may change of a version: its list, tags and lock.</summary>
    public static Task Update(Tx tx, VersionRow row) => tx.Execute(
        """
        UPDATE object_version SET acl = @Acl, tags = @Tags, retain_mode = @RetainMode, retain_until = @RetainUntil, legal_hold = @LegalHold
        WHERE bucket_id = @BucketId AND object_key = @ObjectKey AND rank = @Rank
        """,
        row);

    public static Task SetInfo(Tx tx, VersionRow row) => tx.Execute(
        "UPDATE object_version SET info = @Info WHERE bucket_id = @BucketId AND object_key = @ObjectKey AND rank = @Rank", row);

    public static async Task AddBlobs(Tx tx, string bucketId, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            await tx.Execute("INSERT INTO object_blob (id, bucket_id) VALUES (@id, @bucketId)", new { id, bucketId });
        }
    }

    public static Task RemoveBlobs(Tx tx, IReadOnlyCollection<string> ids) =>
        ids.Count == 0 ? Task.CompletedTask : tx.Execute("DELETE FROM object_blob WHERE id IN @ids", new { ids });

    public static Task<List<string>> KnownBlobs(Reader reader, IReadOnlyCollection<string> ids) =>
        reader.Query<string>("SELECT id FROM object_blob WHERE id IN @ids", new { ids });

    public static async Task<IReadOnlyList<string>> BlobsAfter(Reader reader, string after, int most) =>
        await reader.Query<string>("SELECT id FROM object_blob WHERE id > @after ORDER BY id LIMIT @most", new { after, most });
}
