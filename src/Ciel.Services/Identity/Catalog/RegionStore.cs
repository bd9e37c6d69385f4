using Ciel.Core.Store;

namespace Ciel.Services.Identity.Catalog;

/// <summary>The SQL of regions.</summary>
internal static class RegionStore
{
    public static Task<RegionRow?> Find(Reader reader, string? id) => reader.First<RegionRow>("SELECT * FROM identity_region WHERE id = @id", new { id });

    public static Task Insert(Tx tx, RegionRow row) => tx.Execute(
        "INSERT INTO identity_region (id, parent_region_id, description, extra) VALUES (@Id, @ParentRegionId, @Description, @Extra)", row);

    public static Task Update(Tx tx, RegionRow row) => tx.Execute(
        "UPDATE identity_region SET parent_region_id = @ParentRegionId, description = @Description, extra = @Extra WHERE id = @Id", row);

    /// <summary>The region and all below it.</summary>
    public static Task<List<string>> Below(Reader reader, string id) => reader.Query<string>(
        """
        WITH RECURSIVE down(id) AS (
            SELECT id FROM identity_region WHERE id = @id
            UNION
            SELECT r.id FROM identity_region r JOIN down d ON r.parent_region_id = d.id)
        SELECT id FROM down
        """,
        new { id });

    public static Task Delete(Tx tx, IReadOnlyList<string> ids) => tx.Execute("DELETE FROM identity_region WHERE id IN @ids", new { ids });
}
