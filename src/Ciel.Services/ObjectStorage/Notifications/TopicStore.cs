using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>The SQL of topics.</summary>
internal static class TopicStore
{
    public static Task<TopicRow?> ById(Reader reader, string id) => reader.First<TopicRow>("SELECT * FROM object_topic WHERE id = @id", new { id });

    public static Task<TopicRow?> Find(Reader reader, string projectId, string name) =>
        reader.First<TopicRow>("SELECT * FROM object_topic WHERE project_id = @projectId AND name = @name", new { projectId, name });

    public static Task<TopicRow?> ForUpdate(Tx tx, string projectId, string name) =>
        tx.First<TopicRow>($"SELECT * FROM object_topic WHERE project_id = @projectId AND name = @name {tx.Dialect.ForUpdate}", new { projectId, name });

    public static Task<List<TopicRow>> OfProject(Reader reader, string projectId, string after, int most) => reader.Query<TopicRow>(
        "SELECT * FROM object_topic WHERE project_id = @projectId AND name > @after ORDER BY name LIMIT @most", new { projectId, after, most });

    public static Task<long> Count(Reader reader, string projectId) => reader.Scalar<long>("SELECT COUNT(*) FROM object_topic WHERE project_id = @projectId", new { projectId });

    public static Task Insert(Tx tx, TopicRow row) => tx.Execute(
        """
        INSERT INTO object_topic (id, project_id, name, user_id, attributes, delivered, failed, last_error, last_error_at, created_at)
        VALUES (@Id, @ProjectId, @Name, @UserId, @Attributes, 0, 0, NULL, NULL, @CreatedAt)
        """,
        row);

    public static Task SetAttributes(Tx tx, string id, string attributes) => tx.Execute("UPDATE object_topic SET attributes = @attributes WHERE id = @id", new { id, attributes });

    /// <summary>Counts what a turn did.</summary>
    public static Task Count(Tx tx, string id, long delivered, long failed, string? error) => tx.Execute(
        """
        UPDATE object_topic SET delivered = delivered + @delivered, failed = failed + @failed,
            last_error = COALESCE(@error, last_error), last_error_at = CASE WHEN @said = 1 THEN @now ELSE last_error_at END
        WHERE id = @id
        """,
        new { id, delivered, failed, error, said = error is not null, now = tx.Now });

    public static async Task Delete(Tx tx, string id)
    {
        await tx.Execute("DELETE FROM object_event WHERE topic_id = @id", new { id });
        await tx.Execute("DELETE FROM object_topic WHERE id = @id", new { id });
    }
}
