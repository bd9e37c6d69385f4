using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Multipart;

/// <summary>The SQL of uploads and their parts.</summary>
internal static class UploadStore
{
    public static Task<UploadRow?> Find(Reader reader, string bucketId, string key, string id) => reader.First<UploadRow>(
        "SELECT * FROM object_upload WHERE id = @id AND bucket_id = @bucketId AND object_key = @key", new { id, bucketId, key });

    /// <summary>The upload, locked: parts that come, completion and abort take turns.</summary>
    public static Task<UploadRow?> ForUpdate(Tx tx, string bucketId, string key, string id) => tx.First<UploadRow>(
        $"SELECT * FROM object_upload WHERE id = @id AND bucket_id = @bucketId AND object_key = @key {tx.Dialect.ForUpdate}", new { id, bucketId, key });

    public static Task<List<UploadRow>> Older(Reader reader, string bucketId, string prefix, long before, int most) => reader.Query<UploadRow>(
        $"SELECT * FROM object_upload WHERE bucket_id = @bucketId AND created_at < @before AND {reader.Dialect.StartsWith("object_key", "@prefix")} ORDER BY created_at LIMIT @most",
        new { bucketId, prefix, before, most });

    public static Task Insert(Tx tx, UploadRow row) => tx.Execute(
        """
        INSERT INTO object_upload (id, bucket_id, object_key, info, acl, tags, retain_mode, retain_until, legal_hold, owner_id, owner_name, created_at)
        VALUES (@Id, @BucketId, @ObjectKey, @Info, @Acl, @Tags, @RetainMode, @RetainUntil, @LegalHold, @OwnerId, @OwnerName, @CreatedAt)
        """,
        row);

    public static Task<List<PartRow>> Parts(Reader reader, string uploadId, long after = 0, int most = int.MaxValue) => reader.Query<PartRow>(
        "SELECT * FROM object_part WHERE upload_id = @uploadId AND number > @after ORDER BY number LIMIT @most", new { uploadId, after, most });

    public static Task<PartRow?> Part(Reader reader, string uploadId, long number) => reader.First<PartRow>(
        "SELECT * FROM object_part WHERE upload_id = @uploadId AND number = @number", new { uploadId, number });

    public static Task PutPart(Tx tx, PartRow row) => tx.Execute(
        """
        INSERT INTO object_part (upload_id, number, size, etag, checksum, content, created_at)
        VALUES (@UploadId, @Number, @Size, @Etag, @Checksum, @Content, @CreatedAt)
        ON CONFLICT (upload_id, number) DO UPDATE SET size = excluded.size, etag = excluded.etag, checksum = excluded.checksum, content = excluded.content, created_at = excluded.created_at
        """,
        row);

    /// <summary>Removes the upload's rows; its blobs stay.</summary>
    public static async Task Delete(Tx tx, string id)
    {
        await tx.Execute("DELETE FROM object_part WHERE upload_id = @id", new { id });
        await tx.Execute("DELETE FROM object_upload WHERE id = @id", new { id });
    }

    /// <summary>Removes an upload with its parts; answers the blobs that are free then, and their bytes for the caller to count.</summary>
    public static async Task<(IReadOnlyList<string> Blobs, long Bytes)> Abort(Tx tx, string id)
    {
        var parts = await Parts(tx, id);
        var freed = parts.SelectMany(p => p.Blobs).ToList();
        await VersionStore.RemoveBlobs(tx, freed);
        await Delete(tx, id);
        return (freed, parts.Sum(p => p.Size));
    }

    /// <summary>Removes all uploads of a bucket; answers the blobs that are free then, and their bytes.</summary>
    public static async Task<(IReadOnlyList<string> Blobs, long Bytes)> DeleteAll(Tx tx, string bucketId)
    {
        var (freed, held) = (new List<string>(), 0L);
        foreach (var id in await tx.Query<string>("SELECT id FROM object_upload WHERE bucket_id = @bucketId", new { bucketId }))
        {
            var (blobs, bytes) = await Abort(tx, id);
            freed.AddRange(blobs);
            held += bytes;
        }

        return (freed, held);
    }
}
