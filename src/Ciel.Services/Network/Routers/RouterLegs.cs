using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Which leg is meant: by subnet, by port, or both.</summary>
internal sealed record LegRequest(string? SubnetId, string? PortId);

/// <summary>A leg as the API answers it.</summary>
internal sealed record LegAnswer(string RouterId, string ProjectId, string PortId, string NetworkId, IReadOnlyList<string> SubnetIds);

/// <summary>Adds legs to a held router and takes them away.</summary>
internal sealed class RouterLegs(Wakes wakes, PortBook ports, PortApi portApi, SubnetApi subnetApi, Ids ids)
{
    public async Task<LegAnswer> Add(Tx tx, Actor actor, Router router, LegRequest request)
    {
        if (request is { SubnetId: not null, PortId: not null })
        {
            throw Faults.RouterRequest("Cannot specify both subnet-id and port-id");
        }

        var port = request.PortId is { } portId
            ? await AddPort(tx, actor, router, portId)
            : await AddSubnet(tx, actor, router, request.SubnetId!);
        await wakes.Network(tx, port.NetworkId);
        await wakes.Router(tx, router.Id);
        return ToLeg(router, port);
    }

    public async Task<LegAnswer> Remove(Tx tx, Actor actor, Router router, LegRequest request)
    {
        var legs = await RouterStore.Interfaces(tx, router.Id);
        var port = legs.FirstOrDefault(p => (request.PortId is null || p.Id == request.PortId)
            && (request.SubnetId is null || p.Addresses.Any(a => a.SubnetId == request.SubnetId)));
        if (port is null)
        {
            throw await Missing(tx, actor, router, request, legs);
        }

        foreach (var subnet in port.Addresses.Select(a => a.SubnetId))
        {
            await RefuseWhileNeeded(tx, router, subnet);
        }

        await ports.Delete(tx, port);
        await wakes.Network(tx, port.NetworkId);
        return ToLeg(router, port);
    }

    /// <exception cref="Fault">400 where one of the subnets overlaps with what the router reaches already.</exception>
    public static async Task RefuseOverlap(Tx tx, string routerId, IReadOnlyList<Subnet> subnets)
    {
        var own = await tx.Query<Subnet>(
            """
            SELECT DISTINCT s.* FROM network_subnet s JOIN network_address a ON a.subnet_id = s.id JOIN network_port p ON p.id = a.port_id
            WHERE p.device_id = @routerId AND p.device_owner IN ('network:router_interface', 'network:router_gateway')
            """,
            new { routerId });
        foreach (var (subnet, other) in subnets.SelectMany(s => own.Select(o => (s, o))))
        {
            if (subnet.Id == other.Id)
            {
                throw Faults.RouterRequest($"Router already has a port on subnet {subnet.Id}");
            }

            if (subnet.Range.Overlaps(other.Range))
            {
                throw Faults.RouterRequest($"Cidr {subnet.Cidr} of subnet {subnet.Id} overlaps with cidr {other.Cidr} of subnet {other.Id}");
            }
        }
    }

    private async Task<Port> AddSubnet(Tx tx, Actor actor, Router router, string subnetId)
    {
        var subnet = await subnetApi.Find(tx, actor, subnetId) ?? throw Faults.SubnetNotFound(subnetId);
        if (!actor.IsAdmin && subnet.ProjectId != actor.ProjectId)
        {
            // On another's shared network a router would take the gateway's address from everyone; a port of one's own does no harm.
            throw Inputs.NotAllowed("add_router_interface");
        }

        if (subnet.Gateway is not { } gateway)
        {
            throw Faults.RouterRequest("Subnet for router interface must have a gateway IP");
        }

        await RefuseOverlap(tx, router.Id, [subnet]);
        return await ports.Create(tx, new PortRequest(new Port
        {
            Id = ids.Uuid(),
            ProjectId = router.ProjectId,
            NetworkId = subnet.NetworkId,
            DeviceId = router.Id,
            DeviceOwner = DeviceOwners.RouterInterface,
            PortSecurity = false,
            AttachedAt = tx.Now,
        })
        {
            Addresses = [new AddressRequest(subnet.Id, subnet.Range.Contains(gateway) ? gateway : null)],
        });
    }

    private async Task<Port> AddPort(Tx tx, Actor actor, Router router, string portId)
    {
        var port = await portApi.Hold(tx, actor, portId);
        if (port.DeviceId.Length > 0)
        {
            throw Fault.Conflict(
                $"Unable to complete operation on port {port.Id} for network {port.NetworkId}. Port already has an attached device {port.DeviceId}.", "PortInUse");
        }

        var subnets = await SubnetStore.ByIds(tx, [.. port.Addresses.Select(a => a.SubnetId)]);
        if (subnets.Count == 0)
        {
            throw Faults.RouterRequest("Router port must have at least one fixed IP");
        }

        if (subnets.Count(s => s.IpVersion == 4) > 1)
        {
            throw Faults.RouterRequest("Cannot have multiple IPv4 subnets on router port");
        }

        await RefuseOverlap(tx, router.Id, subnets);
        var leg = port with
        {
            DeviceId = router.Id,
            DeviceOwner = DeviceOwners.RouterInterface,
            PortSecurity = false,
            AllowedPairs = "[]",
            AttachedAt = tx.Now,
        };
        await ports.Update(tx, port, new PortRequest(leg) { Groups = [] });
        return leg;
    }

    private static async Task RefuseWhileNeeded(Tx tx, Router router, string subnetId)
    {
        if (await FloatingIpStore.UsesLeg(tx, router.Id, subnetId))
        {
            throw Fault.Conflict(
                $"Router interface for subnet {subnetId} on router {router.Id} cannot be deleted, as it is required by one or more floating IPs.",
                "RouterInterfaceInUseByFloatingIP");
        }

        var range = (await SubnetStore.Find(tx, subnetId))?.Range;
        if (NetworkJson.Routes(router.Routes).Any(r => range?.Contains(Ip.Parse(r.NextHop)!.Value) == true))
        {
            throw Fault.Conflict(
                $"Router interface for subnet {subnetId} on router {router.Id} cannot be deleted, as it is required by one or more routes.",
                "RouterInterfaceInUseByRoute");
        }
    }

    private async Task<Fault> Missing(Tx tx, Actor actor, Router router, LegRequest request, List<Port> legs)
    {
        if (request.PortId is { } portId)
        {
            return legs.Any(p => p.Id == portId)
                ? Fault.Conflict($"Subnet {request.SubnetId} on port {portId} does not match requested subnet", "SubnetMismatchForPort")
                : Fault.NotFound($"Router {router.Id} does not have an interface with id {portId}", "RouterInterfaceNotFound");
        }

        return await subnetApi.Find(tx, actor, request.SubnetId!) is null
            ? Faults.SubnetNotFound(request.SubnetId!)
            : Fault.NotFound($"Router {router.Id} has no interface on subnet {request.SubnetId}", "RouterInterfaceNotFoundForSubnet");
    }

    private static LegAnswer ToLeg(Router router, Port port) =>
        new(router.Id, router.ProjectId, port.Id, port.NetworkId, [.. port.Addresses.Select(a => a.SubnetId).DefaultIfEmpty("")]);
}
