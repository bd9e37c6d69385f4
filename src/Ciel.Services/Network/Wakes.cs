using Ciel.Core.Keepers;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Tells the keepers that what nodes must hear of has changed, in the transaction that changes it.</summary>
internal sealed class Wakes(KeeperBook keepers)
{
    /// <summary>A network's part on its nodes is to be composed anew.</summary>
    public async Task Network(Tx tx, string id)
    {
        await tx.Execute("UPDATE network_network SET generation = generation + 1 WHERE id = @id", new { id });
        await keepers.Wake(tx, id);
    }

    /// <summary>A router is to be composed anew.</summary>
    public async Task Router(Tx tx, string id)
    {
        await tx.Execute("UPDATE network_router SET generation = generation + 1 WHERE id = @id", new { id });
        await keepers.Wake(tx, id);
    }

    public Task Begin(Tx tx, string kind, string id) => keepers.Begin(tx, kind, id, KeeperSteps.Keep);

    /// <summary>The networks whose ports follow a group's rules.</summary>
    public Task FollowersOf(Tx tx, IReadOnlyCollection<string> groupIds) => All(
        tx,
        "SELECT DISTINCT p.network_id FROM network_port p JOIN network_port_group g ON g.port_id = p.id WHERE p.host <> '' AND g.group_id IN @groupIds ORDER BY 1",
        groupIds);

    /// <summary>The networks whose ports admit a group's members: its members, or their addresses, have changed.</summary>
    public Task AdmittersOf(Tx tx, IReadOnlyCollection<string> groupIds) => All(
        tx,
        """
        SELECT DISTINCT p.network_id FROM network_port p JOIN network_port_group g ON g.port_id = p.id
        WHERE p.host <> '' AND g.group_id IN (SELECT group_id FROM network_group_rule WHERE remote_group_id IN @groupIds) ORDER BY 1
        """,
        groupIds);

    private async Task All(Tx tx, string networks, IReadOnlyCollection<string> groupIds)
    {
        if (groupIds.Count == 0)
        {
            return;
        }

        foreach (var network in await tx.Query<string>(networks, new { groupIds }))
        {
            await Network(tx, network);
        }
    }
}

/// <summary>The names of the keepers and their steps; stored, so never renamed after a release.</summary>
internal static class KeeperSteps
{
    public const string Network = "network";
    public const string Router = "router";
    public const string Purge = "network-purge";
    public const string Keep = "keep";
}
