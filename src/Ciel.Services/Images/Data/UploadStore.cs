using Ciel.Core.Blobs;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Data;

/// <summary>The SQL of uploads. An upload's id guards each of its writes: a dead one that wakes up changes nothing.</summary>
internal static class UploadStore
{
    public static Task Begin(Tx tx, string imageId, string status, string uploadId, long until) => tx.Execute(
        "UPDATE image_image SET status = @status, upload_id = @uploadId, upload_until = @until, updated_at = @now WHERE id = @imageId",
        new { imageId, status, uploadId, until, now = tx.Now });

    /// <returns>Whether the upload still holds its image.</returns>
    public static async Task<bool> Renew(Tx tx, string uploadId, long until) =>
        await tx.Execute("UPDATE image_image SET upload_until = @until WHERE upload_id = @uploadId", new { uploadId, until }) == 1;

    /// <summary>Puts the image back to queued, as if nothing had come.</summary>
    public static Task<int> Release(Tx tx, string uploadId) => tx.Execute(
        "UPDATE image_image SET status = 'queued', upload_id = NULL, upload_until = NULL, updated_at = @now WHERE upload_id = @uploadId",
        new { uploadId, now = tx.Now });

    /// <summary>As <see cref="Release"/>, unless it was renewed meanwhile.</summary>
    public static Task<int> ReleaseDead(Tx tx, string uploadId) => tx.Execute(
        "UPDATE image_image SET status = 'queued', upload_id = NULL, upload_until = NULL, updated_at = @now WHERE upload_id = @uploadId AND upload_until <= @now",
        new { uploadId, now = tx.Now });

    /// <summary>Says that the bytes will never come; an upload under way loses its image.</summary>
    public static Task Kill(Tx tx, string imageId) => tx.Execute(
        "UPDATE image_image SET status = 'killed', upload_id = NULL, upload_until = NULL, updated_at = @now WHERE id = @imageId",
        new { imageId, now = tx.Now });

    /// <returns>The image with its bytes; null where the upload no longer holds it.</returns>
    public static async Task<Image?> Finish(Tx tx, string uploadId, string status, BlobRef blob, long? virtualSize) => await tx.First<Image>(
        """
        UPDATE image_image SET status = @status, upload_id = NULL, upload_until = NULL, size = @Size, virtual_size = @virtualSize,
            md5 = @Md5, sha512 = @Sha512, blob_id = @Id, updated_at = @now
        WHERE upload_id = @uploadId RETURNING *
        """,
        new { uploadId, status, virtualSize, blob.Size, blob.Md5, blob.Sha512, blob.Id, now = tx.Now });

    /// <summary>When the upload counts as dead, µs UTC; null where there is no such upload.</summary>
    public static Task<long?> Until(Reader reader, string uploadId) =>
        reader.Scalar<long?>("SELECT upload_until FROM image_image WHERE upload_id = @uploadId", new { uploadId });

    public static async Task<IReadOnlyCollection<string>> Owned(Reader reader, IReadOnlyCollection<string> blobIds) =>
        await reader.Query<string>("SELECT blob_id FROM image_image WHERE blob_id IN @blobIds", new { blobIds });

    public static async Task<IReadOnlyList<string>> BlobsAfter(Reader reader, string after, int most) =>
        await reader.Query<string>("SELECT blob_id FROM image_image WHERE blob_id > @after ORDER BY blob_id LIMIT @most", new { after, most });
}
