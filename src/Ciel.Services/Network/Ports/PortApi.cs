using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Services.Network;

/// <summary>/v2.0/ports.</summary>
internal sealed class PortApi(Db db, Ids ids, PortBook ports, GroupBook groups, IServiceProvider parts)
    : ResourceApi<Port>(db, ids, PortView.View, PortStore.Table)
{
    public override bool Taggable => true;

    protected override string From => "network_port p";

    protected override string Alias => "p";

    public override Fault NotFound(string id) => Faults.PortNotFound(id);

    protected override void Visible(ListQuery query, Actor actor) => query.Where(PortStore.Visible);

    protected override Task Load(Reader reader, List<Port> rows) => PortStore.Loaded(reader, rows);

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var networkId = input.Id("network_id");
        var network = await NetworkStore.FindVisible(tx, actor, networkId) ?? throw Faults.NetworkNotFound(networkId);
        if (!MayUse(actor, network))
        {
            throw Inputs.NotAllowed("create_port");
        }

        var fresh = new Port { Id = Ids.Uuid(), ProjectId = OwnerOf(actor, input), NetworkId = networkId, PortSecurity = network.PortSecurity };
        var request = PortInput.Read(input, actor, network, fresh, "create_port");
        input.Done();
        request = request with { Groups = await GroupsFor(tx, actor, request) };
        PortRules.Check(request.Row, request.Groups);
        await ports.Create(tx, request with { Row = request.Row with { AttachedAt = request.Row.DeviceId.Length > 0 ? tx.Now : 0 } });
        return fresh.Id;
    }

    protected override async Task Update(Tx tx, Actor actor, Port row, Input input)
    {
        input.ReadOnly("id", "network_id", "project_id", "tenant_id", "status");
        var network = await NetworkStore.Find(tx, row.NetworkId) ?? throw Faults.NetworkNotFound(row.NetworkId);
        var request = PortInput.Read(input, actor, network, row, "update_port");
        input.Done();
        if (row.IsOwn && (request.Row.DeviceId != row.DeviceId || request.Row.DeviceOwner != row.DeviceOwner))
        {
            throw Fault.Conflict($"Unable to complete operation on port {row.Id}: it belongs to {row.DeviceOwner} {row.DeviceId}.", "PortInUse");
        }

        if (request.Groups is { } wanted)
        {
            await GroupBook.RequireVisible(tx, actor, wanted);
        }

        PortRules.Check(request.Row, request.Groups ?? row.Groups);
        await ports.Update(tx, row, request);
    }

    protected override async Task Delete(Tx tx, Actor actor, Port row)
    {
        if (row.DeviceOwner is DeviceOwners.RouterInterface or DeviceOwners.RouterGateway or DeviceOwners.FloatingIp)
        {
            throw Fault.Conflict(
                $"Port {row.Id} cannot be deleted directly via the port API: has device owner {row.DeviceOwner}.", "ServicePortInUse");
        }

        if (row.DeviceId.Length > 0)
        {
            // Asked for late: who listens may itself ask this service.
            foreach (var listener in parts.GetServices<IPortListener>())
            {
                await listener.PortDeleted(tx, row.Id, row.DeviceId);
            }
        }

        await ports.Delete(tx, row);
    }

    // An external network is for routers' gateways; ports of tenants go there only where it is shared with them.
    private static bool MayUse(Actor actor, Network network) =>
        actor.IsAdmin || network.ProjectId == actor.ProjectId || network.Shared;

    private async Task<IReadOnlyList<string>> GroupsFor(Tx tx, Actor actor, PortRequest request)
    {
        if (request.Groups is { } asked)
        {
            await GroupBook.RequireVisible(tx, actor, asked);
            return asked;
        }

        return request.Row.PortSecurity && !request.Row.IsOwn ? [await groups.Default(tx, request.Row.ProjectId)] : [];
    }
}
