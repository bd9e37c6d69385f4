using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>A network, a subnet and a router to the outside for a project that has none, made once when it asks for them.</summary>
internal sealed class AutoTopology(NetworkBook networks, SubnetBook subnets, RouterBook routers, RouterLegs legs, PortBook ports, Ids ids)
{
    // A tenant's range is its own, so that all projects may have the same.
    private static readonly Cidr Fallback = Cidr.Parse("10.0.0.0/24")!.Value;

    /// <summary>The project's network; made where there is none.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> Ensure(Tx tx, Actor actor, string projectId)
    {
        if (await AutoTopologyStore.Find(tx, projectId) is { } known && await NetworkStore.Find(tx, known.NetworkId) is not null)
        {
            return known.NetworkId;
        }

        var external = await External(tx);
        var network = new Network { Id = ids.Uuid(), ProjectId = projectId, Name = "auto_allocated_network", Mtu = NetworkInput.DefaultMtu };
        await networks.Create(tx, network, shared: false);
        var subnet = await Subnet(tx, actor, network);
        await subnets.Create(tx, subnet, network);
        var router = new Router { Id = ids.Uuid(), ProjectId = projectId, Name = "auto_allocated_router" };
        await routers.Create(tx, router);
        await routers.SetGateway(tx, actor, router, new GatewayRequest(external, null, null));
        await legs.Add(tx, actor, router, new LegRequest(subnet.Id, null));
        await AutoTopologyStore.Save(tx, new AutoTopologyRow(projectId, network.Id, router.Id));
        return network.Id;
    }

    /// <summary>Takes away what was made, if nothing else uses it.</summary>
    /// <exception cref="Fault">409 NetworkInUse.</exception>
    public async Task Delete(Tx tx, string projectId)
    {
        if (await AutoTopologyStore.Find(tx, projectId) is not { } known)
        {
            return;
        }

        if (await RouterStore.Table.Lock(tx, known.RouterId))
        {
            foreach (var leg in await RouterStore.Interfaces(tx, known.RouterId))
            {
                await ports.Delete(tx, leg);
            }

            await routers.Delete(tx, (await RouterStore.Find(tx, known.RouterId))!);
        }

        if (await NetworkStore.Table.Lock(tx, known.NetworkId))
        {
            await networks.Delete(tx, (await NetworkStore.Find(tx, known.NetworkId))!);
        }

        await AutoTopologyStore.Forget(tx, projectId);
    }

    /// <summary>The external network that is marked as the default.</summary>
    /// <exception cref="Fault">409 where there is none.</exception>
    public static async Task<string> External(Reader reader) =>
        await AutoTopologyStore.DefaultExternal(reader) ?? throw Fault.Conflict("Deployment error: No default router:external network.", "AutoAllocationFailure");

    private async Task<Subnet> Subnet(Tx tx, Actor actor, Network network)
    {
        var fresh = new Subnet { Id = ids.Uuid(), ProjectId = network.ProjectId, NetworkId = network.Id, Name = "auto_allocated_subnet_v4" };
        var (range, pool) = await SubnetPoolStore.Default(tx, 4) is null
            ? (Fallback, null)
            : await SubnetBook.FromPool(tx, actor, fresh, null, null, null);
        var gateway = SubnetRules.DefaultGateway(range);
        return fresh with
        {
            Cidr = range.ToString(),
            SubnetpoolId = pool,
            GatewayIp = gateway.ToString(),
            AllocationPools = NetworkJson.Of(Pools.Default(range, gateway)),
        };
    }
}
