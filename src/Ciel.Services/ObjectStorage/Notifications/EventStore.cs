using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>The SQL of events that wait.</summary>
internal static class EventStore
{
    /// <summary>The place of what happens now among a queue's events of its key: by the version's age, and behind all that wait.</summary>
    public static async Task<long> Sequence(Tx tx, string topicId, Happening what)
    {
        var here = what.Change is Change.Created or Change.Marked ? -what.Row.Rank : Math.Max(tx.Now, 1 - what.Row.Rank);
        var last = await tx.Scalar<long?>(
            "SELECT MAX(sequence) FROM object_event WHERE topic_id = @topicId AND dead = 0 AND bucket_id = @bucketId AND object_key = @key",
            new { topicId, bucketId = what.Bucket.Id, key = what.Row.ObjectKey });
        return Math.Max(here, (last ?? 0) + 1);
    }

    public static Task Insert(Tx tx, EventRow row) => tx.Execute(
        """
        INSERT INTO object_event (id, topic_id, bucket_id, object_key, sequence, record, attempts, next_at, dead, error, created_at)
        VALUES (@Id, @TopicId, @BucketId, @ObjectKey, @Sequence, @Record, 0, 0, 0, NULL, @now)
        """,
        new { row.Id, row.TopicId, row.BucketId, row.ObjectKey, row.Sequence, row.Record, now = tx.Now });

    /// <summary>The first event of each key, if it is due, oldest first.</summary>
    public static Task<List<EventRow>> Due(Reader reader, string topicId, long now, int most) => reader.Query<EventRow>(
        """
        SELECT * FROM object_event e WHERE topic_id = @topicId AND dead = 0 AND next_at <= @now AND NOT EXISTS (
            SELECT 1 FROM object_event f WHERE f.topic_id = @topicId AND f.dead = 0 AND f.bucket_id = e.bucket_id AND f.object_key = e.object_key AND f.sequence < e.sequence)
        ORDER BY sequence LIMIT @most
        """,
        new { topicId, now, most });

    /// <summary>When the next event is due; null where none waits.</summary>
    public static Task<long?> NextAt(Reader reader, string topicId) => reader.Scalar<long?>(
        """
        SELECT MIN(next_at) FROM object_event e WHERE topic_id = @topicId AND dead = 0 AND NOT EXISTS (
            SELECT 1 FROM object_event f WHERE f.topic_id = @topicId AND f.dead = 0 AND f.bucket_id = e.bucket_id AND f.object_key = e.object_key AND f.sequence < e.sequence)
        """,
        new { topicId });

    public static Task<long> Count(Reader reader, string topicId, bool dead) =>
        reader.Scalar<long>("SELECT COUNT(*) FROM object_event WHERE topic_id = @topicId AND dead = @dead", new { topicId, dead });

    /// <summary>Whether something of that key up to that sequence waits.</summary>
    public static async Task<bool> Waits(Reader reader, string topicId, string key, long sequence) => await reader.Scalar<long>(
        "SELECT COUNT(*) FROM object_event WHERE topic_id = @topicId AND dead = 0 AND bucket_id = @topicId AND object_key = @key AND sequence <= @sequence", new { topicId, key, sequence }) > 0;

    public static Task DeleteAll(Tx tx, string topicId) => tx.Execute("DELETE FROM object_event WHERE topic_id = @topicId", new { topicId });

    public static Task Delete(Tx tx, IReadOnlyCollection<string> ids) => tx.Execute("DELETE FROM object_event WHERE id IN @ids", new { ids });

    /// <summary>Tries again later, or never.</summary>
    public static Task Fail(Tx tx, string id, long nextAt, bool dead, string error) => tx.Execute(
        "UPDATE object_event SET attempts = attempts + 1, next_at = @nextAt, dead = @dead, error = @error WHERE id = @id", new { id, nextAt, dead, error });

    /// <summary>Gives up the oldest of a queue that is too long; how many.</summary>
    public static Task<int> Shorten(Tx tx, string topicId, long excess) => tx.Execute(
        "UPDATE object_event SET dead = 1 WHERE id IN (SELECT id FROM object_event WHERE topic_id = @topicId AND dead = 0 ORDER BY sequence LIMIT @excess)", new { topicId, excess });

    /// <summary>Forgets the oldest that were given up.</summary>
    public static Task Forget(Tx tx, string topicId, long excess) => tx.Execute(
        "DELETE FROM object_event WHERE id IN (SELECT id FROM object_event WHERE topic_id = @topicId AND dead = 1 ORDER BY sequence LIMIT @excess)", new { topicId, excess });

    /// <summary>Lets what was given up wait again.</summary>
    public static Task<int> Redrive(Tx tx, string topicId) => tx.Execute(
        "UPDATE object_event SET dead = 0, attempts = 0, next_at = 0, created_at = @now WHERE topic_id = @topicId AND dead = 1", new { topicId, now = tx.Now });
}
