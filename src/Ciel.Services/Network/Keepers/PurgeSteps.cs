using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Deletes a project's resources in the order in which they hang on each other.</summary>
internal sealed class PurgeSteps(FloatingIpBook floatings, RouterBook routers, PortBook ports, SubnetBook subnets, NetworkBook networks, GroupBook groups)
{
    private static readonly string[] Tables =
    [
        "network_floating_ip", "network_router", "network_port", "network_subnet", "network_network", "network_group", "network_address_group",
        "network_subnetpool", "network_address_scope", "network_rbac",
    ];

    public static async Task<bool> HasAny(Reader reader, string projectId)
    {
        foreach (var table in Tables)
        {
            if (await reader.Scalar<string>($"SELECT id FROM {table} WHERE project_id = @projectId LIMIT 1", new { projectId }) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Deletes all that nothing holds any more.</summary>
    public async Task Clear(Tx tx, string projectId)
    {
        foreach (var floating in await FloatingIpStore.OfProject(tx, projectId))
        {
            await floatings.Release(tx, floating);
        }

        await ClearRouters(tx, projectId);
        foreach (var port in (await PortStore.OfProject(tx, projectId)).Where(p => !p.IsOwn && p.Host.Length == 0))
        {
            await ports.Delete(tx, port);
        }

        await ClearNetworks(tx, projectId);
        foreach (var group in await GroupStore.OfProject(tx, projectId))
        {
            if (!await GroupStore.InUse(tx, group.Id))
            {
                await groups.Delete(tx, group);
            }
        }

        await ClearRest(tx, projectId);
    }

    private async Task ClearRouters(Tx tx, string projectId)
    {
        foreach (var id in (await RouterStore.OfProject(tx, projectId)).Select(r => r.Id))
        {
            await RouterStore.Table.Lock(tx, id);
            foreach (var leg in await RouterStore.Interfaces(tx, id))
            {
                await ports.Delete(tx, leg);
            }

            if (await RouterStore.Find(tx, id) is { } router)
            {
                await routers.Delete(tx, router);
            }
        }
    }

    private async Task ClearNetworks(Tx tx, string projectId)
    {
        foreach (var subnet in await tx.Query<Subnet>("SELECT * FROM network_subnet WHERE project_id = @projectId ORDER BY id", new { projectId }))
        {
            if (!await SubnetStore.InUse(tx, subnet))
            {
                await subnets.Delete(tx, subnet);
            }
        }

        foreach (var network in await tx.Query<Network>("SELECT n.* FROM network_network n WHERE project_id = @projectId ORDER BY id", new { projectId }))
        {
            if (!await NetworkStore.InUse(tx, network.Id))
            {
                await networks.Delete(tx, network);
            }
        }
    }

    private static async Task ClearRest(Tx tx, string projectId)
    {
        await tx.Execute(
            "DELETE FROM network_address_group WHERE project_id = @projectId AND id NOT IN (SELECT remote_address_group_id FROM network_group_rule WHERE remote_address_group_id IS NOT NULL)",
            new { projectId });
        foreach (var pool in await tx.Query<SubnetPool>("SELECT q.* FROM network_subnetpool q WHERE project_id = @projectId", new { projectId }))
        {
            if ((await SubnetPoolStore.Subnets(tx, pool.Id)).Count == 0)
            {
                await SubnetPoolStore.Table.Delete(tx, pool.Id);
                await NetworkQuota.Return(tx, pool, NetworkQuota.SubnetPool);
            }
        }

        await tx.Execute(
            "DELETE FROM network_address_scope WHERE project_id = @projectId AND id NOT IN (SELECT address_scope_id FROM network_subnetpool WHERE address_scope_id IS NOT NULL)",
            new { projectId });
        foreach (var policy in await tx.Query<RbacPolicy>("SELECT * FROM network_rbac WHERE project_id = @projectId", new { projectId }))
        {
            await RbacPolicies.Table.Delete(tx, policy.Id);
            await NetworkQuota.Return(tx, policy, NetworkQuota.Rbac);
        }
    }
}
