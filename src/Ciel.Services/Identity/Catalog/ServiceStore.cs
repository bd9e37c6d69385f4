using Ciel.Core.Store;
using Ciel.Services.Identity.Limits;

namespace Ciel.Services.Identity.Catalog;

/// <summary>The SQL of services.</summary>
internal static class ServiceStore
{
    public static Task<ServiceRow?> Find(Reader reader, string? id) => reader.First<ServiceRow>("SELECT * FROM identity_service WHERE id = @id", new { id });

    public static Task<ServiceRow?> ByType(Reader reader, string type) =>
        reader.First<ServiceRow>("SELECT * FROM identity_service WHERE type = @type ORDER BY id", new { type });

    public static Task Insert(Tx tx, ServiceRow row) => tx.Execute(
        "INSERT INTO identity_service (id, type, name, description, enabled, extra) VALUES (@Id, @Type, @Name, @Description, @Enabled, @Extra)", row);

    public static Task Update(Tx tx, ServiceRow row) => tx.Execute(
        "UPDATE identity_service SET type = @Type, name = @Name, description = @Description, enabled = @Enabled, extra = @Extra WHERE id = @Id", row);

    public static async Task Delete(Tx tx, string id)
    {
        foreach (var endpoint in await EndpointStore.OfService(tx, id))
        {
            await EndpointStore.Delete(tx, endpoint.Id);
        }

        await LimitStore.DeleteOfService(tx, id);
        await tx.Execute("DELETE FROM identity_service WHERE id = @id", new { id });
    }
}
