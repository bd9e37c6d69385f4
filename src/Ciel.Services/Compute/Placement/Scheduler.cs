using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Finds a node for a server and takes the room there, in one serializable transaction.</summary>
internal sealed class Scheduler(HostBook hosts, ServerBook servers, ComputeOptions options)
{
    /// <summary>Places the server, unless it has its place already.</summary>
    /// <returns>Its node; null where no node will do.</returns>
    public async Task<string?> Place(Tx tx, string id)
    {
        var server = (await ServerStore.Lock(tx, id))!;
        if (server.Node is not null)
        {
            return server.Node;
        }

        if (Placement.Pick(await hosts.All(tx), await Wish(tx, server), options) is not { } host)
        {
            return null;
        }

        await servers.Change(tx, id, s => s.PlacedOn(host.Name, host.Zone));
        return host.Name;
    }

    /// <summary>Takes the room on the server's own node that a resize needs beyond what it has.</summary>
    /// <returns>Whether there was room.</returns>
    public async Task<bool> Grow(Tx tx, string id)
    {
        var server = (await ServerStore.Lock(tx, id))!;
        var grown = server.Grown();
        var host = (await hosts.All(tx)).FirstOrDefault(h => h.Name == server.Node);
        if (host is null || !Placement.HasRoom(host, grown.Vcpus - server.Vcpus, grown.MemoryMib - server.MemoryMib, grown.AllGib - server.AllGib, options))
        {
            return false;
        }

        await servers.Change(tx, id, s => s.Grown());
        return true;
    }

    private static async Task<PlacementWish> Wish(Tx tx, Server server)
    {
        var hints = server.HintList;
        var never = (await NodesOf(tx, hints.DifferentHost)).ToHashSet();
        var only = hints.SameHost.Count == 0 ? null : (await NodesOf(tx, hints.SameHost)).ToHashSet();
        var rather = new Dictionary<string, int>();
        if (server.GroupId is { } groupId && await GroupStore.Find(tx, groupId) is { } group)
        {
            var members = await tx.Query<string>(
                "SELECT node FROM compute_server WHERE group_id = @groupId AND node IS NOT NULL AND deleted_at IS NULL", new { groupId });
            (only, rather) = Follow(group, members, only, never);
        }

        return new PlacementWish(server.Vcpus, server.MemoryMib, server.AllGib, server.Zone, server.WantedHost, only, never, rather);
    }

    private static (HashSet<string>? Only, Dictionary<string, int> Rather) Follow(ServerGroup group, List<string> members, HashSet<string>? only, HashSet<string> never)
    {
        var counts = members.CountBy(n => n).ToDictionary();
        switch (group.Policy)
        {
            case "affinity" when members.Count > 0:
                return (only is null ? [.. members] : [.. only.Intersect(members)], []);
            case "anti-affinity":
                never.UnionWith(counts.Where(c => c.Value >= (group.MaxPerHost ?? 1)).Select(c => c.Key));
                return (only, []);
            case "soft-affinity":
                return (only, counts);
            case "soft-anti-affinity":
                return (only, counts.ToDictionary(c => c.Key, c => -c.Value));
            default:
                return (only, []);
        }
    }

    private static async Task<List<string>> NodesOf(Tx tx, List<string> ids) => ids.Count == 0
        ? []
        : await tx.Query<string>("SELECT node FROM compute_server WHERE id IN @ids AND node IS NOT NULL AND deleted_at IS NULL", new { ids });
}
