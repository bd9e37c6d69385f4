using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Makes and deletes networks, for the API and for the service itself.</summary>
internal sealed class NetworkBook(Wakes wakes, PortBook ports, FloatingIpBook floating, Ids ids)
{
    private const int SegmentGuesses = 32;

    public async Task Create(Tx tx, Network network, bool shared)
    {
        await NetworkQuota.Take(tx, network.ProjectId, NetworkQuota.Network);
        await Insert(tx, network with { Counted = true });
        if (shared)
        {
            await Sharing.SetWithAll(tx, ids.Uuid(), network, "network", shared);
        }

        await wakes.Begin(tx, KeeperSteps.Network, network.Id);
    }

    /// <summary>Deletes a held network with its subnets; its keeper clears the nodes.</summary>
    /// <exception cref="Fault">409 NetworkInUse.</exception>
    public async Task Delete(Tx tx, Network network)
    {
        if (await NetworkStore.InUse(tx, network.Id))
        {
            throw Faults.NetworkInUse(network.Id);
        }

        foreach (var address in await FloatingIpStore.OfNetwork(tx, network.Id))
        {
            await floating.Release(tx, address);
        }

        foreach (var port in await PortStore.OfNetwork(tx, network.Id))
        {
            await ports.Delete(tx, port);
        }

        foreach (var subnet in await SubnetStore.OfNetwork(tx, network.Id))
        {
            await SubnetStore.Table.Delete(tx, subnet.Id);
            await NetworkQuota.Return(tx, subnet, NetworkQuota.Subnet);
        }

        await Sharing.Forget(tx, network.Id);
        await NetworkQuota.Return(tx, network, NetworkQuota.Network);
        await wakes.Network(tx, network.Id);
        await NetworkStore.Table.Delete(tx, network.Id);
    }

    // VXLAN segments are guessed, as addresses are; a flat network has none.
    private static async Task Insert(Tx tx, Network network)
    {
        var guesses = network is { NetworkType: "vxlan", SegmentationId: null } ? SegmentGuesses : 1;
        for (var attempt = 0; attempt < guesses; attempt++)
        {
            var segment = guesses > 1 ? (long)Chance.Below((1 << 24) - 1, network.Id, "segment", attempt) + 1 : network.SegmentationId;
            if (await NetworkStore.Table.Insert(tx, network with { SegmentationId = segment }))
            {
                return;
            }
        }

        throw Fault.Conflict($"Unable to create the network. The tunnel ID {network.SegmentationId} is in use.", "TunnelIdInUse");
    }
}
