using Ciel.Core.Errors;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>A named set of nodes with properties; one of these puts its nodes into an availability zone.</summary>
internal sealed record Aggregate
{
    public const string ZoneKey = "availability_zone";

    public long Id { get; init; }

    public required string Uuid { get; init; }

    public required string Name { get; init; }

    /// <summary>JSON object of strings.</summary>
    public required string Metadata { get; init; }

    public long CreatedAt { get; init; }

    public long? UpdatedAt { get; init; }

    public Dictionary<string, string> MetadataMap => ComputeJson.Map(Metadata);
}

/// <summary>The SQL of aggregates.</summary>
internal static class AggregateStore
{
    public static Task<List<Aggregate>> List(Reader reader) => reader.Query<Aggregate>("SELECT * FROM compute_aggregate ORDER BY id");

    /// <exception cref="Fault">404 where there is none.</exception>
    public static async Task<Aggregate> Get(Reader reader, string id) =>
        (long.TryParse(id, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? await reader.First<Aggregate>("SELECT * FROM compute_aggregate WHERE id = @number", new { number })
            : null) ?? throw Fault.NotFound($"Aggregate {id} could not be found.");

    public static Task<List<string>> Hosts(Reader reader, long id) =>
        reader.Query<string>("SELECT host FROM compute_aggregate_host WHERE aggregate_id = @id ORDER BY host", new { id });

    /// <summary>Node to zone, for nodes that an aggregate puts into one.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Zones(Reader reader)
    {
        var rows = await reader.Query<(string Host, string Metadata)>(
            "SELECT h.host, a.metadata FROM compute_aggregate_host h JOIN compute_aggregate a ON a.id = h.aggregate_id ORDER BY a.id");
        var zones = new Dictionary<string, string>();
        foreach (var (host, metadata) in rows)
        {
            if (ComputeJson.Map(metadata).TryGetValue(Aggregate.ZoneKey, out var zone))
            {
                zones[host] = zone;
            }
        }

        return zones;
    }

    /// <exception cref="Fault">409 where the name is taken.</exception>
    public static async Task<Aggregate> Insert(Tx tx, string uuid, string name, string metadata)
    {
        await Free(tx, name, 0);
        var id = await tx.Scalar<long>("UPDATE compute_counter SET value = value + 1 WHERE name = 'aggregate' RETURNING value");
        var made = new Aggregate { Id = id, Uuid = uuid, Name = name, Metadata = metadata, CreatedAt = tx.Now };
        await tx.Execute(
            "INSERT INTO compute_aggregate (id, uuid, name, metadata, created_at) VALUES (@Id, @Uuid, @Name, @Metadata, @CreatedAt)", made);
        return made;
    }

    public static async Task<Aggregate> Save(Tx tx, Aggregate aggregate)
    {
        await Free(tx, aggregate.Name, aggregate.Id);
        var saved = aggregate with { UpdatedAt = tx.Now };
        await tx.Execute("UPDATE compute_aggregate SET name = @Name, metadata = @Metadata, updated_at = @UpdatedAt WHERE id = @Id", saved);
        return saved;
    }

    public static Task Delete(Tx tx, long id) => tx.Execute("DELETE FROM compute_aggregate WHERE id = @id", new { id });

    public static async Task<bool> AddHost(Tx tx, long id, string host) => await tx.Execute(
        "INSERT INTO compute_aggregate_host (aggregate_id, host) VALUES (@id, @host) ON CONFLICT DO NOTHING", new { id, host }) == 1;

    public static async Task<bool> RemoveHost(Tx tx, long id, string host) => await tx.Execute(
        "DELETE FROM compute_aggregate_host WHERE aggregate_id = @id AND host = @host", new { id, host }) == 1;

    private static async Task Free(Tx tx, string name, long but)
    {
        if (await tx.Scalar<long>("SELECT COUNT(*) FROM compute_aggregate WHERE name = @name AND id <> @but", new { name, but }) > 0)
        {
            throw Fault.Conflict($"Aggregate {name} already exists.");
        }
    }
}
