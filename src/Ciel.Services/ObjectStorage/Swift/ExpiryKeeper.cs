using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Notes when an object is to go, in the transaction that says so.</summary>
internal sealed class ExpiryNotes : IVersionWatcher
{
    public Task Happened(Tx tx, Happening what) => what is { Change: Change.Created or Change.Altered, Row.Details.DeleteAt: { } at }
        ? tx.Execute(
            "INSERT INTO object_expiry (delete_at, bucket_id, object_key) VALUES (@at, @bucket, @key) ON CONFLICT DO NOTHING",
            new { at, bucket = what.Bucket.Id, key = what.Row.ObjectKey })
        : Task.CompletedTask;
}

/// <summary>Removes objects whose time has come. Readers are told at once that they are gone; this takes their bytes.</summary>
internal sealed class ExpiryKeeper(VersionBook book) : OneStepKeeper("object.expiry", "expire")
{
    private const int Each = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly Deed Expiry = new(Deed.LifecycleName, null, "127.0.0.1", "");

    public Task Begin(Tx tx, KeeperBook keepers) => keepers.BeginOnce(tx, Kind, Kind, "expire");

    protected override async Task<Next> Run(Turn turn)
    {
        var now = await turn.Db.Now(turn.Cancel);
        var due = await turn.Db.Read(
            r => r.Query<Due>("SELECT delete_at, bucket_id, object_key FROM object_expiry WHERE delete_at <= @now ORDER BY delete_at LIMIT @Each", new { now, Each }), turn.Cancel);
        foreach (var one in due)
        {
            if (await turn.Db.Read(r => BucketStore.ById(r, one.BucketId), turn.Cancel) is { } bucket)
            {
                await book.Delete(Expiry, bucket, one.ObjectKey, null, (_, row) => row is { Marker: false } && row.Details.DeleteAt <= now && !Held(row, now), turn.Cancel);
            }
        }

        return due.Count == 0 ? Next.Nap(Pause) : Next.Hop("expire", async tx =>
        {
            foreach (var one in due)
            {
                await tx.Execute("DELETE FROM object_expiry WHERE delete_at = @DeleteAt AND bucket_id = @BucketId AND object_key = @ObjectKey", one);
            }
        });
    }

    private static bool Held(VersionRow row, long now) => row.LegalHold || row.RetainUntil > now;

    private sealed record Due(long DeleteAt, string BucketId, string ObjectKey);
}
