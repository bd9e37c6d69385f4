using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>A copy of a server's disk on its way to the image service.</summary>
/// <param name="ImageId">The image that it fills; also the keeper's id.</param>
/// <param name="ServerId">The server.</param>
/// <param name="Node">Where both are.</param>
/// <param name="Generation">For fences.</param>
/// <param name="BackupType">Of a backup: which row of backups it belongs to; null otherwise.</param>
/// <param name="Rotation">Of a backup: how many of its row are kept.</param>
internal sealed record Snapshot(string ImageId, string ServerId, string Node, long Generation, string? BackupType = null, long? Rotation = null);

/// <summary>The SQL of snapshots.</summary>
internal static class SnapshotStore
{
    public static Task<Snapshot?> Find(Reader reader, string imageId) =>
        reader.First<Snapshot>("SELECT * FROM compute_snapshot WHERE image_id = @imageId", new { imageId });

    public static async Task<bool> Any(Reader reader, string serverId) =>
        await reader.Scalar<long>("SELECT COUNT(*) FROM compute_snapshot WHERE server_id = @serverId", new { serverId }) > 0;

    public static Task Insert(Tx tx, Snapshot snapshot) => tx.Execute(
        "INSERT INTO compute_snapshot (image_id, server_id, node, generation, backup_type, rotation) VALUES (@ImageId, @ServerId, @Node, @Generation, @BackupType, @Rotation)",
        snapshot);

    public static Task Delete(Tx tx, string imageId) => tx.Execute("DELETE FROM compute_snapshot WHERE image_id = @imageId", new { imageId });

    public static Task<List<string>> Of(Reader reader, string serverId) =>
        reader.Query<string>("SELECT image_id FROM compute_snapshot WHERE server_id = @serverId", new { serverId });
}
