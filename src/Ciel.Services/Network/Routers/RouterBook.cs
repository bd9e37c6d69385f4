using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Ledger;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Makes and deletes routers, and sets their gateways.</summary>
internal sealed class RouterBook(Wakes wakes, PortBook ports, Ids ids)
{
    public async Task Create(Tx tx, Router router)
    {
        await NetworkQuota.Take(tx, router.ProjectId, NetworkQuota.Router);
        await RouterStore.Table.Insert(tx, router with { Counted = true });
        await wakes.Begin(tx, KeeperSteps.Router, router.Id);
    }

    public Task Changed(Tx tx, string id) => wakes.Router(tx, id);

    /// <summary>Deletes a held router; its keeper clears the node.</summary>
    /// <exception cref="Fault">409 RouterInUse.</exception>
    public async Task Delete(Tx tx, Router router)
    {
        if ((await RouterStore.Interfaces(tx, router.Id)).Count > 0)
        {
            throw Fault.Conflict($"Router {router.Id} still has ports", "RouterInUse");
        }

        await DropGateway(tx, router);
        await wakes.Router(tx, router.Id);
        await RouterStore.Table.Delete(tx, router.Id);
        await NetworkQuota.Return(tx, router, NetworkQuota.Router);
    }

    /// <summary>Sets, changes or takes away the gateway of a held router.</summary>
    public async Task SetGateway(Tx tx, Actor actor, Router router, GatewayRequest request)
    {
        if (request.NetworkId is null)
        {
            await RefuseWhileNeeded(tx, router);
            await DropGateway(tx, router);
            await RouterStore.SetGateway(tx, router.Id, null, true);
        }
        else if (router.Gateway is { } gateway && gateway.NetworkId == request.NetworkId)
        {
            if (request.Addresses is { Count: > 0 } addresses)
            {
                await ports.Update(tx, gateway, new PortRequest(gateway) { Addresses = addresses });
            }

            await RouterStore.SetGateway(tx, router.Id, gateway.Id, request.EnableSnat ?? true);
        }
        else
        {
            await NewGateway(tx, actor, router, request);
        }

        await wakes.Router(tx, router.Id);
    }

    /// <exception cref="Fault">400 for a hop that no leg reaches.</exception>
    public static async Task CheckRoutes(Tx tx, Router router, IReadOnlyList<Route> routes)
    {
        var legs = await RouterStore.Interfaces(tx, router.Id);
        var all = router.Gateway is { } gateway ? [.. legs, gateway] : legs;
        var own = all.SelectMany(p => p.Addresses).ToArray();
        var ranges = (await SubnetStore.ByIds(tx, [.. own.Select(a => a.SubnetId).Distinct()])).Select(s => s.Range).ToArray();
        foreach (var route in routes)
        {
            var hop = Ip.Parse(route.NextHop)!.Value;
            var reason = !ranges.Any(r => r.Contains(hop)) ? "the nexthop is not connected with router"
                : own.Any(a => a.Address == route.NextHop) ? "the nexthop is used by router"
                : null;
            if (reason is not null)
            {
                throw Fault.BadRequest($"Invalid format for routes: [{route.Destination} via {route.NextHop}], {reason}", "InvalidRoutes");
            }
        }
    }

    private async Task NewGateway(Tx tx, Actor actor, Router router, GatewayRequest request)
    {
        var network = await NetworkStore.FindVisible(tx, actor, request.NetworkId!) ?? throw Faults.NetworkNotFound(request.NetworkId!);
        if (!network.External)
        {
            throw Faults.RouterRequest($"Network {network.Id} is not an external network");
        }

        var subnets = await SubnetStore.OfNetwork(tx, network.Id);
        await RouterLegs.RefuseOverlap(tx, router.Id, subnets);
        await RefuseWhileNeeded(tx, router);
        await DropGateway(tx, router);
        var port = await ports.Create(
            tx,
            new PortRequest(new Port
            {
                Id = ids.Uuid(),
                NetworkId = network.Id,
                DeviceId = router.Id,
                DeviceOwner = DeviceOwners.RouterGateway,
                PortSecurity = false,
                AttachedAt = tx.Now,
            })
            {
                Addresses = request.Addresses is { Count: > 0 } given ? given : null,
            },
            counted: false);
        await RouterStore.SetGateway(tx, router.Id, port.Id, request.EnableSnat ?? true);
        await UsageLedger.Open(tx, ids.Uuid(), NetworkMeters.PublicAddress, port.Id, router.ProjectId, 1, "address");
        await wakes.Network(tx, network.Id);
    }

    private static async Task RefuseWhileNeeded(Tx tx, Router router)
    {
        if (router.Gateway is { } gateway && await FloatingIpStore.UsesRouter(tx, router.Id))
        {
            throw Fault.Conflict(
                $"Gateway cannot be updated for router {router.Id}, since a gateway to external network {gateway.NetworkId} is required by one or more floating IPs.",
                "RouterExternalGatewayInUseByFloatingIp");
        }
    }

    private async Task DropGateway(Tx tx, Router router)
    {
        if (router.Gateway is not { } gateway)
        {
            return;
        }

        await ports.Delete(tx, gateway);
        await UsageLedger.Close(tx, NetworkMeters.PublicAddress, gateway.Id);
        await wakes.Network(tx, gateway.NetworkId);
    }
}
