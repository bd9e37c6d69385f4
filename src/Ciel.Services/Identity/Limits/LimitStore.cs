using Ciel.Core.Store;

namespace Ciel.Services.Identity.Limits;

/// <summary>The SQL of limits.</summary>
internal static class LimitStore
{
    private const string Same = "service_id = @ServiceId AND region_id = @RegionId AND resource_name = @ResourceName";

    public static Task<RegisteredLimitRow?> FindRegistered(Reader reader, string id) =>
        reader.First<RegisteredLimitRow>("SELECT * FROM identity_registered_limit WHERE id = @id", new { id });

    public static Task<LimitRow?> Find(Reader reader, string id) => reader.First<LimitRow>("SELECT * FROM identity_limit WHERE id = @id", new { id });

    public static Task Insert(Tx tx, RegisteredLimitRow row) => tx.Execute(
        """
        INSERT INTO identity_registered_limit (id, service_id, region_id, resource_name, default_limit, description)
        VALUES (@Id, @ServiceId, @RegionId, @ResourceName, @DefaultLimit, @Description)
        """,
        row);

    public static Task Insert(Tx tx, LimitRow row) => tx.Execute(
        """
        INSERT INTO identity_limit (id, project_id, domain_id, service_id, region_id, resource_name, resource_limit, description)
        VALUES (@Id, @ProjectId, @DomainId, @ServiceId, @RegionId, @ResourceName, @ResourceLimit, @Description)
        """,
        row);

    public static Task Update(Tx tx, RegisteredLimitRow row) => tx.Execute(
        """
        UPDATE identity_registered_limit SET service_id = @ServiceId, region_id = @RegionId, resource_name = @ResourceName,
            default_limit = @DefaultLimit, description = @Description WHERE id = @Id
        """,
        row);

    public static Task Update(Tx tx, LimitRow row) =>
        tx.Execute("UPDATE identity_limit SET resource_limit = @ResourceLimit, description = @Description WHERE id = @Id", row);

    /// <summary>Whether the limit is one of a resource that is registered.</summary>
    public static async Task<bool> IsRegistered(Reader reader, LimitRow row) =>
        await reader.Scalar<long>($"SELECT COUNT(*) FROM identity_registered_limit WHERE {Same}", row) > 0;

    /// <summary>Whether projects or domains have limits of their own of the resource.</summary>
    public static async Task<bool> IsUsed(Reader reader, RegisteredLimitRow row) =>
        await reader.Scalar<long>($"SELECT COUNT(*) FROM identity_limit WHERE {Same}", row) > 0;

    public static Task DeleteRegistered(Tx tx, string id) => tx.Execute("DELETE FROM identity_registered_limit WHERE id = @id", new { id });

    public static Task Delete(Tx tx, string id) => tx.Execute("DELETE FROM identity_limit WHERE id = @id", new { id });

    /// <summary>Forgets a project or domain.</summary>
    public static Task DeleteOfProject(Tx tx, string id) => tx.Execute("DELETE FROM identity_limit WHERE project_id = @id OR domain_id = @id", new { id });

    /// <summary>Forgets a service.</summary>
    public static async Task DeleteOfService(Tx tx, string id)
    {
        await tx.Execute("DELETE FROM identity_limit WHERE service_id = @id", new { id });
        await tx.Execute("DELETE FROM identity_registered_limit WHERE service_id = @id", new { id });
    }
}
