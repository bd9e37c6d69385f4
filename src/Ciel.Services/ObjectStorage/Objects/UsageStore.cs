using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Metering;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>A part of what a bucket holds, and what changed of it since the bucket's spans were written last, at the earliest at <see cref="MovedAt"/>.</summary>
internal sealed record UsageShard(long Shard, long Bytes, long Moved, long MomentHigh, long MomentLow, long? MovedAt);

/// <summary>How full a bucket is.</summary>
internal sealed record BucketFill(string Id, long Objects, long Bytes);

/// <summary>How much a bucket holds, written with each object's own commit.</summary>
internal static class UsageStore
{
    private const int Shards = 16;

    /// <summary>Counts what a transaction adds, or takes where negative, and when: one statement, so that what the ledger will say is as durable as the object.</summary>
    public static Task Add(Tx tx, string bucketId, string key, long objects, long bytes)
    {
        var moment = Moment.Of(bytes, tx.Now);
        return tx.Execute(
            $"""
            INSERT INTO object_usage (bucket_id, shard, objects, bytes, moved, moment_high, moment_low, moved_at)
            VALUES (@bucketId, @shard, @objects, @bytes, @bytes, @high, @low, @at)
            ON CONFLICT (bucket_id, shard) DO UPDATE SET
                objects = object_usage.objects + excluded.objects,
                bytes = object_usage.bytes + excluded.bytes,
                moved = object_usage.moved + excluded.moved,
                moment_high = object_usage.moment_high + excluded.moment_high + ((object_usage.moment_low + excluded.moment_low) >> {Moment.Bits}),
                moment_low = (object_usage.moment_low + excluded.moment_low) & {Moment.Mask},
                moved_at = COALESCE(object_usage.moved_at, excluded.moved_at)
            """,
            new { bucketId, shard = Shard(key), objects, bytes, high = moment.High, low = moment.Low, at = bytes == 0 ? null : (long?)tx.Now });
    }

    /// <summary>A bucket's shards as they are, which no writer changes until this transaction ends.</summary>
    public static Task<List<UsageShard>> Hold(Tx tx, string bucketId) => tx.Query<UsageShard>(
        $"SELECT shard, bytes, moved, moment_high, moment_low, moved_at FROM object_usage WHERE bucket_id = @bucketId ORDER BY shard {tx.Dialect.ForUpdate}", new { bucketId });

    /// <summary>Notes that all until now is on the ledger, but for a rest.</summary>
    public static Task Settle(Tx tx, string bucketId, long shard, Int128 rest)
    {
        var moment = Moment.Of(-rest);
        return tx.Execute(
            """
            UPDATE object_usage SET moved = 0, moved_at = NULL,
                moment_high = CASE WHEN shard = @shard THEN @high ELSE 0 END,
                moment_low = CASE WHEN shard = @shard THEN @low ELSE 0 END
            WHERE bucket_id = @bucketId
            """,
            new { bucketId, shard, high = moment.High, low = moment.Low });
    }

    /// <summary>All that a project holds.</summary>
    public static async Task<(long Objects, long Bytes)> OfProject(Reader reader, string projectId) => await reader.First<(long, long)>(
        """
        SELECT CAST(COALESCE(SUM(u.objects), 0) AS bigint), CAST(COALESCE(SUM(u.bytes), 0) AS bigint)
        FROM object_bucket b JOIN object_usage u ON u.bucket_id = b.id WHERE b.project_id = @projectId
        """,
        new { projectId });

    /// <summary>All that a bucket holds.</summary>
    public static async Task<(long Objects, long Bytes)> OfBucket(Reader reader, string bucketId) => await reader.First<(long, long)>(
        "SELECT CAST(COALESCE(SUM(objects), 0) AS bigint), CAST(COALESCE(SUM(bytes), 0) AS bigint) FROM object_usage WHERE bucket_id = @bucketId",
        new { bucketId });

    /// <summary>What each of a project's buckets holds.</summary>
    public static Task<List<BucketFill>> OfBuckets(Reader reader, string projectId) => reader.Query<BucketFill>(
        """
        SELECT b.id AS id, CAST(SUM(u.objects) AS bigint) AS objects, CAST(SUM(u.bytes) AS bigint) AS bytes
        FROM object_bucket b JOIN object_usage u ON u.bucket_id = b.id WHERE b.project_id = @projectId GROUP BY b.id
        """,
        new { projectId });

    /// <summary>Buckets that have changed since their spans were written, or whose open span says otherwise than their count.</summary>
    public static Task<List<string>> Changed(Reader reader, string meter, int most) => reader.Query<string>(
        """
        SELECT b.id FROM object_bucket b JOIN object_usage u ON u.bucket_id = b.id GROUP BY b.id
        HAVING MAX(u.moved_at) IS NOT NULL OR CAST(COALESCE(SUM(u.bytes), 0) AS bigint) <> COALESCE((SELECT s.quantity FROM usage_span s WHERE s.resource_id = b.id AND s.meter = @meter AND s.closed_at IS NULL), 0)
        ORDER BY b.id LIMIT @most
        """,
        new { meter, most });

    private static long Shard(string key)
    {
        var hash = 17u;
        foreach (var c in key)
        {
            hash = (hash * 31) + c;
        }

        return hash % Shards;
    }
}
