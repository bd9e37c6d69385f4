using Ciel.Core.Store;

namespace Ciel.Services.Images.Metadefs;

/// <summary>The SQL of definitions.</summary>
internal static class ItemStore
{
    public static Task<List<Item>> Of(Reader reader, string space) =>
        reader.Query<Item>("SELECT * FROM image_metadef_item WHERE namespace = @space ORDER BY kind, name", new { space });

    public static Task<List<Item>> Of(Reader reader, string space, string kind) =>
        reader.Query<Item>("SELECT * FROM image_metadef_item WHERE namespace = @space AND kind = @kind ORDER BY name", new { space, kind });

    public static Task<Item?> Find(Reader reader, string space, string kind, string name) => reader.First<Item>(
        "SELECT * FROM image_metadef_item WHERE namespace = @space AND kind = @kind AND name = @name", new { space, kind, name });

    public static Task<List<string>> ResourceTypes(Reader reader) =>
        reader.Query<string>("SELECT DISTINCT name FROM image_metadef_item WHERE kind = 'resource_types'");

    public static Task Insert(Tx tx, Item item) => tx.Execute(
        """
        INSERT INTO image_metadef_item (namespace, kind, name, body, created_at, updated_at)
        VALUES (@Namespace, @Kind, @Name, @Body, @CreatedAt, @UpdatedAt)
        """,
        item);

    /// <summary>Writes a definition, also its name.</summary>
    public static Task Update(Tx tx, string name, Item item) => tx.Execute(
        """
        UPDATE image_metadef_item SET name = @fresh, body = @Body, updated_at = @UpdatedAt
        WHERE namespace = @Namespace AND kind = @Kind AND name = @name
        """,
        new { fresh = item.Name, item.Body, item.UpdatedAt, item.Namespace, item.Kind, name });

    public static async Task<bool> Delete(Tx tx, string space, string kind, string name) => await tx.Execute(
        "DELETE FROM image_metadef_item WHERE namespace = @space AND kind = @kind AND name = @name", new { space, kind, name }) == 1;

    public static Task DeleteAll(Tx tx, string space, string kind) =>
        tx.Execute("DELETE FROM image_metadef_item WHERE namespace = @space AND kind = @kind", new { space, kind });
}
