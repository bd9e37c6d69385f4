using Ciel.Core.Errors;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Changes aggregates: a node is in one zone at most, and keeps it while servers are there.</summary>
internal sealed class AggregateBook(HostBook hosts)
{
    public static async Task<(Aggregate Aggregate, List<string>? Hosts)> Whole(Reader reader, string id)
    {
        var aggregate = await AggregateStore.Get(reader, id);
        return (aggregate, await AggregateStore.Hosts(reader, aggregate.Id));
    }

    /// <param name="tx">The transaction.</param>
    /// <param name="id">The aggregate.</param>
    /// <param name="name">A new name; null keeps the old one.</param>
    /// <param name="changes">Metadata to set; null values are removed.</param>
    public static async Task Update(Tx tx, string id, string? name, Dictionary<string, string?> changes)
    {
        var aggregate = await AggregateStore.Get(tx, id);
        if (changes.TryGetValue(Aggregate.ZoneKey, out var zone))
        {
            await CheckZone(tx, aggregate, zone);
        }

        var metadata = aggregate.MetadataMap;
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                metadata.Remove(key);
            }
            else
            {
                metadata[key] = value;
            }
        }

        await AggregateStore.Save(tx, aggregate with { Name = name ?? aggregate.Name, Metadata = ComputeJson.Map(metadata) });
    }

    public async Task AddHost(Tx tx, string id, string name)
    {
        var aggregate = await AggregateStore.Get(tx, id);
        var host = (await hosts.All(tx)).FirstOrDefault(h => h.Name == name) ?? throw Fault.NotFound($"Compute host {name} could not be found.");
        if (aggregate.MetadataMap.TryGetValue(Aggregate.ZoneKey, out var zone) && zone != host.Zone && (await AggregateStore.Zones(tx)).ContainsKey(name))
        {
            throw Fault.Conflict($"Cannot add host to aggregate {aggregate.Id}. Reason: One or more hosts already in availability zone(s) ['{host.Zone}'].");
        }

        if (!await AggregateStore.AddHost(tx, aggregate.Id, name))
        {
            throw Fault.Conflict($"Aggregate {aggregate.Id} already has host {name}.");
        }

        await AggregateStore.Save(tx, aggregate);
    }

    public static async Task RemoveHost(Tx tx, string id, string name)
    {
        var aggregate = await AggregateStore.Get(tx, id);
        if (!await AggregateStore.RemoveHost(tx, aggregate.Id, name))
        {
            throw Fault.NotFound($"Cannot remove host {name} in aggregate {id}: it is not there.");
        }

        await AggregateStore.Save(tx, aggregate);
    }

    private static async Task CheckZone(Tx tx, Aggregate aggregate, string? zone)
    {
        if (zone == aggregate.MetadataMap.GetValueOrDefault(Aggregate.ZoneKey))
        {
            return;
        }

        foreach (var host in await AggregateStore.Hosts(tx, aggregate.Id))
        {
            await CheckEmpty(tx, host, aggregate.Id);
        }
    }

    private static async Task CheckEmpty(Tx tx, string host, long aggregate)
    {
        if ((await HostStore.Servers(tx, host)).Count > 0)
        {
            throw Fault.Conflict($"Cannot update aggregate {aggregate}. Reason: One or more hosts contain instances in this zone.");
        }
    }
}
