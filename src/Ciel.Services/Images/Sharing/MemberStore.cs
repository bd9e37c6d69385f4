using Ciel.Core.Store;

namespace Ciel.Services.Images.Sharing;

/// <summary>The SQL of sharing.</summary>
internal static class MemberStore
{
    public static Task<List<Member>> Of(Reader reader, string imageId) =>
        reader.Query<Member>("SELECT * FROM image_member WHERE image_id = @imageId ORDER BY created_at, project_id", new { imageId });

    public static Task Insert(Tx tx, Member member) => tx.Execute(
        """
        INSERT INTO image_member (image_id, project_id, status, created_at, updated_at)
        VALUES (@ImageId, @ProjectId, @Status, @CreatedAt, @UpdatedAt)
        """,
        member);

    public static Task SetStatus(Tx tx, Member member) => tx.Execute(
        "UPDATE image_member SET status = @Status, updated_at = @UpdatedAt WHERE image_id = @ImageId AND project_id = @ProjectId", member);

    public static async Task<bool> Delete(Tx tx, string imageId, string projectId) =>
        await tx.Execute("DELETE FROM image_member WHERE image_id = @imageId AND project_id = @projectId", new { imageId, projectId }) == 1;
}
