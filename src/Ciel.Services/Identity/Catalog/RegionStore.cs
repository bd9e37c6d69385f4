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
}
