using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The part of a network or router that a node has, or is about to have, or still has.</summary>
internal sealed record Part
{
    public required string ObjectId { get; init; }

    public required string Node { get; init; }

    /// <summary>The generation that the node was last asked for.</summary>
    public long Generation { get; init; }

    public bool Ready { get; init; }

    /// <summary>Since when it is ready, as the node reports it: changes when the node has made it anew.</summary>
    public long Since { get; init; }
}

/// <summary>The SQL of parts. A part's row is written before its node hears of it, so that nothing is ever left on a node unknown.</summary>
internal static class PartStore
{
    public static Task<List<Part>> Of(Reader reader, string objectId) =>
        reader.Query<Part>("SELECT * FROM network_part WHERE object_id = @objectId ORDER BY node", new { objectId });

    public static Task Add(Tx tx, string objectId, string node) => tx.Execute(
        "INSERT INTO network_part (object_id, node, generation, ready, since, pinned) VALUES (@objectId, @node, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
        new { objectId, node });

    public static Task Save(Tx tx, string objectId, string node, long generation, bool ready, long since) => tx.Execute(
        "UPDATE network_part SET generation = @generation, ready = @ready, since = @since WHERE object_id = @objectId AND node = @node",
        new { objectId, node, generation, ready, since });

    /// <summary>Forgets a part that its node no more has, unless it is wanted there again.</summary>
    public static Task Remove(Tx tx, string objectId, string node) => tx.Execute(
        "DELETE FROM network_part WHERE object_id = @objectId AND node = @node AND pinned = 0", new { objectId, node });

    /// <summary>Forgets a part of an object that was deleted.</summary>
    public static Task Forget(Tx tx, string objectId, string node) =>
        tx.Execute("DELETE FROM network_part WHERE object_id = @objectId AND node = @node", new { objectId, node });

    /// <summary>The routers on that node that have a leg in the network.</summary>
    public static Task<List<string>> RoutersOn(Reader reader, string networkId, string node) => reader.Query<string>(
        """
        SELECT DISTINCT t.object_id FROM network_part t JOIN network_port p ON p.device_id = t.object_id
        WHERE t.node = @node AND p.network_id = @networkId AND p.device_owner IN ('network:router_interface', 'network:router_gateway') ORDER BY 1
        """,
        new { networkId, node });

    /// <summary>The networks among these whose part on the node is ready.</summary>
    public static Task<List<string>> ReadyOn(Reader reader, IReadOnlyCollection<string> networkIds, string node) => reader.Query<string>(
        "SELECT object_id FROM network_part WHERE node = @node AND ready = 1 AND object_id IN @networkIds", new { networkIds, node });

    /// <summary>How many parts of routers each node has.</summary>
    public static async Task<Dictionary<string, long>> RoutersPerNode(Reader reader) => (await reader.Query<(string Node, long Count)>(
        "SELECT t.node, COUNT(*) FROM network_part t JOIN network_router r ON r.id = t.object_id GROUP BY t.node")).ToDictionary(c => c.Node, c => c.Count);

    /// <summary>Notes whether an admin wants the network served on a node.</summary>
    public static async Task Pin(Tx tx, string networkId, string node, bool pinned)
    {
        if (pinned)
        {
            await Add(tx, networkId, node);
        }

        await tx.Execute(
            "UPDATE network_part SET pinned = @pinned WHERE object_id = @networkId AND node = @node", new { networkId, node, pinned });
    }

    /// <summary>The nodes that serve a network's DHCP; null for every node.</summary>
    public static async Task<IReadOnlyCollection<string>?> DhcpHosts(Reader reader, string networkId)
    {
        var hasDhcp = await reader.Scalar<string>("SELECT id FROM network_subnet WHERE network_id = @networkId AND enable_dhcp = 1 LIMIT 1", new { networkId });
        return hasDhcp is not null
            ? null
            : await reader.Query<string>("SELECT node FROM network_part WHERE object_id = @networkId AND pinned = 1", new { networkId });
    }

    /// <summary>The networks that a node serves DHCP for.</summary>
    public static async Task<List<Network>> DhcpNetworks(Reader reader, string node)
    {
        var networks = await reader.Query<Network>(
            $"""
            SELECT {NetworkStore.Select} FROM network_network n
            WHERE EXISTS (SELECT 1 FROM network_subnet s WHERE s.network_id = n.id AND s.enable_dhcp = 1)
                OR EXISTS (SELECT 1 FROM network_part t WHERE t.object_id = n.id AND t.node = @node AND t.pinned = 1)
            ORDER BY n.id
            """,
            new { node, me = "-" });
        await NetworkStore.LoadSubnets(reader, networks);
        return networks;
    }
}
