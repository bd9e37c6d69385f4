using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Network;

/// <summary>What a network's keeper has to do, from one snapshot of the rows.</summary>
/// <param name="Network">Null where it was deleted.</param>
/// <param name="Parts">All that nodes have or may have.</param>
/// <param name="ToPrepare">Nodes where the rows of a part, or of its DHCP port, are yet to be made.</param>
/// <param name="Wanted">Parts that are to be as composed.</param>
/// <param name="Unwanted">Parts that are to go.</param>
internal sealed record NetworkPlan(
    Network? Network,
    IReadOnlyList<Part> Parts,
    IReadOnlyList<string> ToPrepare,
    IReadOnlyList<(Part Part, NetworkScene Scene)> Wanted,
    IReadOnlyList<Part> Unwanted)
{
    public static async Task<NetworkPlan> Read(Reader reader, string id, INodes nodes)
    {
        var parts = await PartStore.Of(reader, id);
        if (await NetworkStore.Find(reader, id) is not { } network)
        {
            return new NetworkPlan(null, parts, [], [], []);
        }

        var demanded = await Demanded(reader, network, nodes);
        var toPrepare = demanded.Except(parts.Select(p => p.Node)).ToList();
        var wanted = new List<(Part Part, NetworkScene Scene)>();
        foreach (var part in parts.Where(p => demanded.Contains(p.Node)))
        {
            var scene = await NetworkScene.Read(reader, network, part.Node);
            wanted.Add((part, scene));
            if (await DhcpPorts.Lacks(reader, scene))
            {
                toPrepare.Add(part.Node);
            }
        }

        return new NetworkPlan(network, parts, toPrepare, wanted, [.. parts.Where(p => !demanded.Contains(p.Node))]);
    }

    private static async Task<HashSet<string>> Demanded(Reader reader, Network network, INodes nodes)
    {
        var demanded = (await reader.Query<string>(
            """
            SELECT host FROM network_port WHERE network_id = @Id AND host <> '' AND device_id <> '' AND substr(device_owner, 1, 8) <> 'network:'
            UNION SELECT t.node FROM network_part t JOIN network_port p ON p.device_id = t.object_id
                WHERE p.network_id = @Id AND p.device_owner IN ('network:router_interface', 'network:router_gateway')
            UNION SELECT node FROM network_part WHERE object_id = @Id AND pinned = 1
            """,
            new { network.Id })).ToHashSet();
        // An admin may bind a port to a host that there is not; nobody could ever clear a part away there.
        var all = await nodes.List(reader);
        demanded.IntersectWith(all.Select(n => n.Facts.Name));
        if (network.IsPublic)
        {
            demanded.UnionWith(all.Where(n => n.Up).Select(n => n.Facts.Name));
        }

        return demanded;
    }
}
