using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Import;

/// <summary>The SQL of tasks.</summary>
internal static class TaskStore
{
    public static async Task Insert(Tx tx, ImportTask task)
    {
        await tx.Execute("DELETE FROM image_task WHERE expires_at < @now", new { now = tx.Now });
        await tx.Execute(
            """
            INSERT INTO image_task (id, image_id, owner, user_id, request_id, status, input, message, created_at, updated_at, expires_at)
            VALUES (@Id, @ImageId, @Owner, @UserId, @RequestId, @Status, @Input, @Message, @CreatedAt, @UpdatedAt, @ExpiresAt)
            """,
            task);
    }

    public static Task<List<ImportTask>> OfImage(Reader reader, string imageId) =>
        reader.Query<ImportTask>("SELECT * FROM image_task WHERE image_id = @imageId ORDER BY created_at, id", new { imageId });

    public static Task<List<ImportTask>> Visible(Reader reader, Actor actor, string? id, int most) => reader.Query<ImportTask>(
        "SELECT * FROM image_task WHERE (@all = 1 OR owner = @me) AND (@any = 1 OR id = @id) ORDER BY created_at DESC, id DESC LIMIT @most",
        new { all = actor.IsAdmin, me = actor.ProjectId ?? "", any = id is null, id = id ?? "", most });
}
