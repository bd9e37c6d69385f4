using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>The SQL of flavors.</summary>
internal static class FlavorStore
{
    /// <summary>The fields that lists may be sorted by, as Nova names them.</summary>
    public static IReadOnlyDictionary<string, Column> Columns { get; } = new Dictionary<string, Column>
    {
        ["flavorid"] = new("id"),
        ["id"] = new("id"),
        ["name"] = new("name"),
        ["memory_mb"] = new("memory_mib", ColumnType.Number),
        ["vcpus"] = new("vcpus", ColumnType.Number),
        ["root_gb"] = new("disk_gib", ColumnType.Number),
        ["ephemeral_gb"] = new("ephemeral_gib", ColumnType.Number),
        ["swap"] = new("swap_mib", ColumnType.Number),
        ["rxtx_factor"] = new("rxtx_factor"),
        ["disabled"] = new("disabled", ColumnType.Boolean),
        ["is_public"] = new("is_public", ColumnType.Boolean),
        ["created_at"] = new("created_at", ColumnType.Number),
        ["updated_at"] = new("created_at", ColumnType.Number),
        ["deleted"] = new("id"),
        ["deleted_at"] = new("id"),
        ["vcpu_weight"] = new("vcpus", ColumnType.Number),
    };

    public static Task<Flavor?> Find(Reader reader, string id) => reader.First<Flavor>("SELECT * FROM compute_flavor WHERE id = @id", new { id });

    /// <summary>A flavor that the actor may use.</summary>
    /// <exception cref="Fault">404 for every other.</exception>
    public static async Task<Flavor> Visible(Reader reader, Actor actor, string id)
    {
        var flavor = await Find(reader, id);
        return flavor is not null && (flavor.IsPublic || actor.IsAdmin || await HasAccess(reader, id, actor.ProjectId ?? ""))
            ? flavor
            : throw NotFound(id);
    }

    /// <summary>Leaves the flavors that all may use, and those that the project was given.</summary>
    public static void OnlyUsable(ListQuery query, string projectId) => query.Where(
        "is_public = 1 OR id IN (SELECT flavor_id FROM compute_flavor_access WHERE project_id = @mine)", ("mine", projectId));

    public static Fault NotFound(string id) => Fault.NotFound($"Flavor {id} could not be found.");

    public static async Task<bool> HasAccess(Reader reader, string id, string projectId) => await reader.Scalar<long>(
        "SELECT COUNT(*) FROM compute_flavor_access WHERE flavor_id = @id AND project_id = @projectId", new { id, projectId }) > 0;

    public static async Task Insert(Tx tx, Flavor flavor)
    {
        if (await tx.Scalar<long>("SELECT COUNT(*) FROM compute_flavor WHERE id = @Id", flavor) > 0)
        {
            throw Fault.Conflict($"Flavor with ID {flavor.Id} already exists.");
        }

        if (await tx.Scalar<long>("SELECT COUNT(*) FROM compute_flavor WHERE name = @Name", flavor) > 0)
        {
            throw Fault.Conflict($"Flavor with name {flavor.Name} already exists.");
        }

        await tx.Execute(
            """
            INSERT INTO compute_flavor (id, name, memory_mib, vcpus, disk_gib, ephemeral_gib, swap_mib, rxtx_factor, is_public, disabled,
                description, extra_specs, created_at)
            VALUES (@Id, @Name, @MemoryMib, @Vcpus, @DiskGib, @EphemeralGib, @SwapMib, @RxtxFactor, @IsPublic, @Disabled,
                @Description, @ExtraSpecs, @CreatedAt)
            """,
            flavor);
    }

    public static Task Describe(Tx tx, string id, string? description) =>
        tx.Execute("UPDATE compute_flavor SET description = @description WHERE id = @id", new { id, description });

    public static Task SetSpecs(Tx tx, string id, IReadOnlyDictionary<string, string> specs) =>
        tx.Execute("UPDATE compute_flavor SET extra_specs = @specs WHERE id = @id", new { id, specs = ComputeJson.Map(specs) });

    /// <summary>The flavor, kept from others until the transaction ends.</summary>
    public static async Task<Flavor> Lock(Tx tx, string id) =>
        await tx.First<Flavor>($"SELECT * FROM compute_flavor WHERE id = @id {tx.Dialect.ForUpdate}", new { id }) ?? throw NotFound(id);

    public static async Task Delete(Tx tx, string id)
    {
        if (await tx.Execute("DELETE FROM compute_flavor WHERE id = @id", new { id }) == 0)
        {
            throw NotFound(id);
        }

        await tx.Execute("DELETE FROM compute_flavor_access WHERE flavor_id = @id", new { id });
    }

    public static Task<List<string>> Access(Reader reader, string id) =>
        reader.Query<string>("SELECT project_id FROM compute_flavor_access WHERE flavor_id = @id ORDER BY project_id", new { id });

    public static async Task<bool> AddAccess(Tx tx, string id, string projectId) => await tx.Execute(
        "INSERT INTO compute_flavor_access (flavor_id, project_id) VALUES (@id, @projectId) ON CONFLICT DO NOTHING", new { id, projectId }) == 1;

    public static async Task<bool> RemoveAccess(Tx tx, string id, string projectId) => await tx.Execute(
        "DELETE FROM compute_flavor_access WHERE flavor_id = @id AND project_id = @projectId", new { id, projectId }) == 1;
}
