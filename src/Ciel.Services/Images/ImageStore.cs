using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images;

/// <summary>The SQL of images, their properties and tags.</summary>
internal static class ImageStore
{
    /// <summary>What everyone sees, what the project owns, and what was shared with it, in whatever state.</summary>
    private const string Seen =
        """
        (@all = 1 OR owner = @me OR visibility IN ('public', 'community') OR (visibility = 'shared'
            AND EXISTS (SELECT 1 FROM image_member m WHERE m.image_id = image_image.id AND m.project_id = @me)))
        """;

    public static Task<Image?> Find(Reader reader, string id) => reader.First<Image>("SELECT * FROM image_image WHERE id = @id", new { id });

    /// <summary>The image if the actor may see it.</summary>
    public static Task<Image?> Visible(Reader reader, Actor actor, string id) => reader.First<Image>(
        $"SELECT * FROM image_image WHERE id = @id AND {Seen}", new { id, all = actor.IsAdmin, me = actor.ProjectId ?? "" });

    /// <summary>As <see cref="Visible"/>, and keeps the row until commit.</summary>
    public static Task<Image?> VisibleForUpdate(Tx tx, Actor actor, string id) => tx.First<Image>(
        $"SELECT * FROM image_image WHERE id = @id AND {Seen} {tx.Dialect.ForUpdate}", new { id, all = actor.IsAdmin, me = actor.ProjectId ?? "" });

    /// <summary>All that the actor may see and that is not hidden, newest first.</summary>
    public static Task<List<Image>> AllVisible(Reader reader, Actor actor, int most) => reader.Query<Image>(
        $"SELECT * FROM image_image WHERE hidden = 0 AND {Seen} ORDER BY created_at DESC, id DESC LIMIT @most",
        new { most, all = actor.IsAdmin, me = actor.ProjectId ?? "" });

    public static Task<Image?> FindForUpdate(Tx tx, string id) =>
        tx.First<Image>($"SELECT * FROM image_image WHERE id = @id {tx.Dialect.ForUpdate}", new { id });

    public static Task<List<Image>> OfOwner(Reader reader, string owner, int most) =>
        reader.Query<Image>("SELECT * FROM image_image WHERE owner = @owner ORDER BY id LIMIT @most", new { owner, most });

    /// <summary>Public images of a name that are not hidden.</summary>
    public static Task<List<Image>> PublicNamed(Reader reader, string name) => reader.Query<Image>(
        "SELECT * FROM image_image WHERE name = @name AND visibility = 'public' AND hidden = 0 AND status = 'active'", new { name });

    /// <summary>Adds properties and tags to images, in their order.</summary>
    public static async Task<IReadOnlyList<ImageView>> Views(Reader reader, IReadOnlyList<Image> images)
    {
        if (images.Count == 0)
        {
            return [];
        }

        var ids = images.Select(i => i.Id).ToArray();
        var properties = (await reader.Query<Property>("SELECT image_id, name, value FROM image_property WHERE image_id IN @ids ORDER BY name", new { ids })).ToLookup(p => p.ImageId);
        var tags = (await reader.Query<Tagged>("SELECT image_id, tag FROM image_tag WHERE image_id IN @ids ORDER BY tag", new { ids })).ToLookup(t => t.ImageId);
        return [.. images.Select(i => new ImageView(i, properties[i.Id].ToDictionary(p => p.Name, p => p.Value), [.. tags[i.Id].Select(t => t.Tag)]))];
    }

    public static async Task<ImageView> View(Reader reader, Image image) => (await Views(reader, [image]))[0];

    public static async Task Insert(Tx tx, ImageView view)
    {
        await tx.Execute(
            """
            INSERT INTO image_image (id, name, owner, status, visibility, disk_format, container_format, min_disk, min_ram, protected, hidden,
                size, virtual_size, md5, sha512, blob_id, upload_id, upload_until, created_at, updated_at)
            VALUES (@Id, @Name, @Owner, @Status, @Visibility, @DiskFormat, @ContainerFormat, @MinDisk, @MinRam, @Protected, @Hidden,
                @Size, @VirtualSize, @Md5, @Sha512, @BlobId, NULL, NULL, @CreatedAt, @UpdatedAt)
            """,
            view.Image);
        await InsertExtras(tx, view);
    }

    /// <summary>Writes what clients may change.</summary>
    public static async Task Update(Tx tx, ImageView view)
    {
        await tx.Execute(
            """
            UPDATE image_image SET name = @Name, owner = @Owner, visibility = @Visibility, disk_format = @DiskFormat,
                container_format = @ContainerFormat, min_disk = @MinDisk, min_ram = @MinRam, protected = @Protected, hidden = @Hidden, updated_at = @UpdatedAt
            WHERE id = @Id
            """,
            view.Image);
        await tx.Execute("DELETE FROM image_property WHERE image_id = @Id", view.Image);
        await tx.Execute("DELETE FROM image_tag WHERE image_id = @Id", view.Image);
        await InsertExtras(tx, view);
    }

    public static Task SetStatus(Tx tx, string id, string status) =>
        tx.Execute("UPDATE image_image SET status = @status, updated_at = @now WHERE id = @id", new { id, status, now = tx.Now });

    public static Task Hide(Tx tx, string id) =>
        tx.Execute("UPDATE image_image SET hidden = 1, updated_at = @now WHERE id = @id", new { id, now = tx.Now });

    public static async Task SetProperty(Tx tx, string id, string name, string value) => await tx.Execute(
        """
        INSERT INTO image_property (image_id, name, value) VALUES (@id, @name, @value)
        ON CONFLICT (image_id, name) DO UPDATE SET value = excluded.value
        """,
        new { id, name, value });

    public static Task Touch(Tx tx, string id) => tx.Execute("UPDATE image_image SET updated_at = @now WHERE id = @id", new { id, now = tx.Now });

    public static async Task AddTag(Tx tx, string id, string tag)
    {
        await tx.Execute("INSERT INTO image_tag (image_id, tag) VALUES (@id, @tag) ON CONFLICT DO NOTHING", new { id, tag });
        await Touch(tx, id);
    }

    /// <returns>Whether it was there.</returns>
    public static async Task<bool> RemoveTag(Tx tx, string id, string tag)
    {
        await Touch(tx, id);
        return await tx.Execute("DELETE FROM image_tag WHERE image_id = @id AND tag = @tag", new { id, tag }) == 1;
    }

    /// <summary>Removes the rows of an image, all but its tasks, which expire by themselves.</summary>
    public static async Task Delete(Tx tx, string id)
    {
        await tx.Execute("DELETE FROM image_image WHERE id = @id", new { id });
        await tx.Execute("DELETE FROM image_property WHERE image_id = @id", new { id });
        await tx.Execute("DELETE FROM image_tag WHERE image_id = @id", new { id });
        await tx.Execute("DELETE FROM image_member WHERE image_id = @id", new { id });
    }

    private static async Task InsertExtras(Tx tx, ImageView view)
    {
        foreach (var (name, value) in view.Properties)
        {
            await SetProperty(tx, view.Image.Id, name, value);
        }

        foreach (var tag in view.Tags)
        {
            await tx.Execute("INSERT INTO image_tag (image_id, tag) VALUES (@Id, @tag) ON CONFLICT DO NOTHING", new { view.Image.Id, tag });
        }
    }

    private sealed record Property(string ImageId, string Name, string Value);

    private sealed record Tagged(string ImageId, string Tag);
}
