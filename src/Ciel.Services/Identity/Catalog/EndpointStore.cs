using Ciel.Core.Store;

namespace Ciel.Services.Identity.Catalog;

/// <summary>The SQL of endpoints.</summary>
internal static class EndpointStore
{
    public static Task<EndpointRow?> Find(Reader reader, string id) => reader.First<EndpointRow>("SELECT * FROM identity_endpoint WHERE id = @id", new { id });

    public static Task<List<EndpointRow>> OfService(Reader reader, string serviceId) =>
        reader.Query<EndpointRow>("SELECT * FROM identity_endpoint WHERE service_id = @serviceId", new { serviceId });

    public static Task Insert(Tx tx, EndpointRow row) => tx.Execute(
        """
        INSERT INTO identity_endpoint (id, service_id, interface, region_id, url, enabled, extra)
        VALUES (@Id, @ServiceId, @Interface, @RegionId, @Url, @Enabled, @Extra)
        """,
        row);

    public static Task Update(Tx tx, EndpointRow row) => tx.Execute(
        """
        UPDATE identity_endpoint SET service_id = @ServiceId, interface = @Interface, region_id = @RegionId, url = @Url, enabled = @Enabled, extra = @Extra
        WHERE id = @Id
        """,
        row);

    public static Task<List<EndpointRow>> All(Reader reader) => reader.Query<EndpointRow>("SELECT * FROM identity_endpoint ORDER BY id");

    public static Task<long> InRegions(Reader reader, IReadOnlyList<string> ids) =>
        reader.Scalar<long>("SELECT COUNT(*) FROM identity_endpoint WHERE region_id IN @ids", new { ids });

    public static async Task Delete(Tx tx, string id)
    {
        await tx.Execute("DELETE FROM identity_endpoint_project WHERE endpoint_id = @id", new { id });
        await tx.Execute("DELETE FROM identity_endpoint WHERE id = @id", new { id });
    }
}
