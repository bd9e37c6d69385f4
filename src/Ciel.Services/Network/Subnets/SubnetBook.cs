using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Makes, changes and deletes subnets, under the lock of their network, so that none overlap and none vanish under a port.</summary>
internal sealed class SubnetBook(Wakes wakes)
{
    public async Task Create(Tx tx, Subnet subnet, Network network)
    {
        await NetworkQuota.Take(tx, subnet.ProjectId, NetworkQuota.Subnet);
        if (!await NetworkStore.Table.Lock(tx, network.Id))
        {
            throw Faults.NetworkNotFound(network.Id);
        }

        foreach (var other in await SubnetStore.OfNetwork(tx, network.Id))
        {
            if (other.Range.Overlaps(subnet.Range))
            {
                throw Faults.InvalidInput($"Requested subnet with cidr: {subnet.Cidr} for network: {network.Id} overlaps with another subnet.");
            }
        }

        await SubnetStore.Table.Insert(tx, subnet with { Counted = true });
        if (subnet.IsAuto)
        {
            await GiveToPorts(tx, subnet);
        }

        await wakes.Network(tx, network.Id);
    }

    public async Task Update(Tx tx, Subnet before, Subnet after)
    {
        if (before.GatewayIp != after.GatewayIp && before.GatewayIp is { } gateway && await SubnetStore.HolderOf(tx, before.Id, gateway) is { } holder)
        {
            throw Fault.Conflict($"Current gateway ip {gateway} already in use by port {holder}. Unable to update.", "GatewayIpInUse");
        }

        await SubnetStore.Table.Update(tx, after);
        await wakes.Network(tx, before.NetworkId);
        await WakeRouters(tx, before.Id);
    }

    /// <exception cref="Fault">409 SubnetInUse.</exception>
    public async Task Delete(Tx tx, Subnet subnet)
    {
        await NetworkStore.Table.Lock(tx, subnet.NetworkId);
        if (await SubnetStore.InUse(tx, subnet))
        {
            throw Faults.SubnetInUse(subnet.Id);
        }

        await SubnetStore.ReleaseAll(tx, subnet.Id);
        await SubnetStore.Table.Delete(tx, subnet.Id);
        await NetworkQuota.Return(tx, subnet, NetworkQuota.Subnet);
        await wakes.Network(tx, subnet.NetworkId);
    }

    /// <summary>Takes a range from a subnet pool: the one asked for, or the first that is free.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="subnet">What it is for.</param>
    /// <param name="poolId">Null for the default pool of the IP version.</param>
    /// <param name="wanted">Null for any.</param>
    /// <param name="length">Null for the pool's own.</param>
    public static async Task<(Cidr Range, string? Pool)> FromPool(Tx tx, Actor actor, Subnet subnet, string? poolId, Cidr? wanted, int? length)
    {
        var pool = poolId is null
            ? await SubnetPoolStore.Default(tx, subnet.IpVersion) ?? throw Fault.NotFound("No default subnetpool found", "NoDefaultSubnetpoolFound")
            : await SubnetPoolStore.FindVisible(tx, actor, poolId) ?? throw SubnetPoolStore.NotFound(poolId);
        await SubnetPoolStore.Table.Lock(tx, pool.Id);
        var taken = (await SubnetPoolStore.Subnets(tx, pool.Id)).ToArray();
        var range = SubnetPoolRules.Choose(pool, subnet, taken, wanted, length);
        return (range, pool.Id);
    }

    private static async Task GiveToPorts(Tx tx, Subnet subnet)
    {
        foreach (var port in (await PortStore.OfNetwork(tx, subnet.NetworkId)).Where(p => !p.IsOwn))
        {
            if (!await Ipam.Take(tx, port, subnet.Id, Mac.Eui64(subnet.Range, port.MacAddress), port.Addresses.Count))
            {
                throw Faults.AddressTaken(Mac.Eui64(subnet.Range, port.MacAddress).ToString(), subnet.Id);
            }
        }
    }

    private async Task WakeRouters(Tx tx, string subnetId)
    {
        foreach (var router in await tx.Query<string>(
            "SELECT DISTINCT p.device_id FROM network_port p JOIN network_address a ON a.port_id = p.id WHERE a.subnet_id = @subnetId AND p.device_owner IN ('network:router_interface', 'network:router_gateway') ORDER BY 1",
            new { subnetId }))
        {
            await wakes.Router(tx, router);
        }
    }
}
