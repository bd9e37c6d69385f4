using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>What a bucket holds.</summary>
internal sealed record BucketUsage(string Id, string ProjectId, long Bytes);

/// <summary>How full a bucket is.</summary>
internal sealed record BucketFill(string Id, long Objects, long Bytes);

/// <summary>How much a bucket holds, written with each object's own commit.</summary>
internal static class UsageStore
{
    private const int Shards = 16;

    public static Task Add(Tx tx, string bucketId, string key, long objects, long bytes) => tx.Execute(
        """
        INSERT INTO object_usage (bucket_id, shard, objects, bytes) VALUES (@bucketId, @shard, @objects, @bytes)
        ON CONFLICT (bucket_id, shard) DO UPDATE SET objects = object_usage.objects + excluded.objects, bytes = object_usage.bytes + excluded.bytes
        """,
        new { bucketId, shard = Shard(key), objects, bytes });

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

    /// <summary>Buckets whose open span says otherwise than their count.</summary>
    public static Task<List<BucketUsage>> Changed(Reader reader, string meter, int most) => reader.Query<BucketUsage>(
        """
        SELECT b.id AS id, b.project_id AS project_id, CAST(COALESCE(SUM(u.bytes), 0) AS bigint) AS bytes
        FROM object_bucket b JOIN object_usage u ON u.bucket_id = b.id
        GROUP BY b.id, b.project_id
        HAVING CAST(COALESCE(SUM(u.bytes), 0) AS bigint) <> COALESCE((SELECT s.quantity FROM usage_span s WHERE s.resource_id = b.id AND s.meter = @meter AND s.closed_at IS NULL), 0)
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
