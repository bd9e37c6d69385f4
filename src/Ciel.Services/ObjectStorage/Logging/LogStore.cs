using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Logging;

/// <summary>Lines that wait for their log object.</summary>
internal sealed record LogRow(string Id, string BucketId, long Day, string Lines);

/// <summary>The SQL of access logs.</summary>
internal static class LogStore
{
    public static Task Insert(Tx tx, string id, string bucketId, long day, string lines) => tx.Execute(
        "INSERT INTO object_log (id, bucket_id, day, lines, created_at) VALUES (@id, @bucketId, @day, @lines, @now)", new { id, bucketId, day, lines, now = tx.Now });

    /// <summary>The oldest lines of one bucket and day.</summary>
    public static async Task<List<LogRow>> Next(Reader reader, int most) => await reader.First<LogRow>("SELECT id, bucket_id, day, lines FROM object_log ORDER BY id LIMIT 1") is { } first
        ? await reader.Query<LogRow>("SELECT id, bucket_id, day, lines FROM object_log WHERE bucket_id = @BucketId AND day = @Day ORDER BY id LIMIT @most", new { first.BucketId, first.Day, most })
        : [];

    /// <summary>How many of the rows were still there.</summary>
    public static Task<int> Delete(Tx tx, IReadOnlyCollection<string> ids) => tx.Execute("DELETE FROM object_log WHERE id IN @ids", new { ids });
}
