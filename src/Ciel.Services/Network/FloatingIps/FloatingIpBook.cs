using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Ledger;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Allocates public addresses, lets them stand for fixed ones, and gives them back.</summary>
internal sealed class FloatingIpBook(Wakes wakes, PortBook ports, Ids ids)
{
    /// <summary>Takes an address of an external network; the ledger counts it from this commit on.</summary>
    public async Task<FloatingIp> Allocate(Tx tx, FloatingIp floating, AddressRequest? wanted)
    {
        await NetworkQuota.Take(tx, floating.ProjectId, NetworkQuota.FloatingIp);
        var subnets = await SubnetStore.OfNetwork(tx, floating.NetworkId);
        if (subnets.All(s => s.IpVersion != 4))
        {
            throw Fault.BadRequest($"Bad floatingip request: Network {floating.NetworkId} does not contain any IPv4 subnet.");
        }

        var port = await ports.Create(
            tx,
            new PortRequest(new Port
            {
                Id = floating.OwnPortId,
                NetworkId = floating.NetworkId,
                DeviceId = floating.Id,
                DeviceOwner = DeviceOwners.FloatingIp,
                PortSecurity = false,
            })
            {
                Addresses = [wanted ?? new AddressRequest(FirstWithRoom(subnets).Id, null)],
            },
            counted: false);
        var made = floating with { Address = port.Addresses[0].Address, Counted = true };
        await FloatingIpStore.Table.Insert(tx, made);
        await UsageLedger.Open(tx, ids.Uuid(), NetworkMeters.PublicAddress, made.Id, made.ProjectId, 1, "address");
        return made;
    }

    /// <summary>Lets a held address stand for a port's fixed one, or for nothing.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="floating">What it was.</param>
    /// <param name="port">Null for nothing.</param>
    /// <param name="fixedAddress">Null for the port's only IPv4 address.</param>
    public async Task Associate(Tx tx, Actor actor, FloatingIp floating, Port? port, string? fixedAddress)
    {
        if (floating.RouterId is { } before)
        {
            await wakes.Router(tx, before);
        }

        if (port is null)
        {
            await FloatingIpStore.Associate(tx, floating, null, null, null);
            return;
        }

        if (!actor.IsAdmin && port.ProjectId != floating.ProjectId)
        {
            throw Faults.PortNotFound(port.Id);
        }

        var inner = FixedOf(port, fixedAddress);
        var router = await RouterFor(tx, floating, port, inner);
        if (await FloatingIpStore.Taken(tx, floating.NetworkId, port.Id, inner.Address, floating.Id))
        {
            throw Fault.Conflict(
                $"Cannot associate floating IP {floating.Address} ({floating.Id}) with port {port.Id} using fixed IP {inner.Address}, as that fixed IP already has a floating IP on external network {floating.NetworkId}.",
                "FloatingIPPortAlreadyAssociated");
        }

        await FloatingIpStore.Associate(tx, floating, port.Id, inner.Address, router);
        await wakes.Router(tx, router);
    }

    /// <summary>Gives a held address back; the ledger counts it until this commit.</summary>
    public async Task Release(Tx tx, FloatingIp floating)
    {
        if (floating.RouterId is { } router)
        {
            await wakes.Router(tx, router);
        }

        if (await PortStore.Hold(tx, floating.OwnPortId) is { } port)
        {
            await ports.Delete(tx, port);
        }

        await FloatingIpStore.Table.Delete(tx, floating.Id);
        await NetworkQuota.Return(tx, floating, NetworkQuota.FloatingIp);
        await UsageLedger.Close(tx, NetworkMeters.PublicAddress, floating.Id);
    }

    // Looked for again under its lock: the leg may have gone meanwhile.
    private static async Task<string> RouterFor(Tx tx, FloatingIp floating, Port port, Fixed inner)
    {
        var router = await RouterStore.Between(tx, inner.SubnetId, floating.NetworkId);
        return router is not null && await RouterStore.Table.Lock(tx, router) && await RouterStore.Between(tx, inner.SubnetId, floating.NetworkId) == router
            ? router
            : throw Fault.NotFound(
                $"External network {floating.NetworkId} is not reachable from subnet {inner.SubnetId}.  Therefore, cannot associate Port {port.Id} with a Floating IP.",
                "ExternalGatewayForFloatingIPNotFound");
    }

    private static Subnet FirstWithRoom(IReadOnlyList<Subnet> subnets) =>
        subnets.FirstOrDefault(s => s.IpVersion == 4 && s.AllocationPools != "[]") ?? subnets.First(s => s.IpVersion == 4);

    private static Fixed FixedOf(Port port, string? address)
    {
        var v4 = port.Addresses.Where(a => Ip.Parse(a.Address)!.Value.Version == 4).ToArray();
        if (address is not null)
        {
            return v4.FirstOrDefault(a => a.Address == address) ?? throw Fault.BadRequest(
                $"Bad floatingip request: Port {port.Id} does not have fixed ip {address}.");
        }

        return v4 switch
        {
            [var only] => only,
            [] => throw Fault.BadRequest($"Bad floatingip request: Cannot add floating IP to port {port.Id} that has no fixed IPv4 addresses."),
            _ => throw Fault.BadRequest(
                $"Bad floatingip request: Port {port.Id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP."),
        };
    }
}
