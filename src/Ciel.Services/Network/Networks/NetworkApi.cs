using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/networks.</summary>
internal sealed class NetworkApi(Db db, Ids ids, Wakes wakes, NetworkBook networks) : ResourceApi<Network>(db, ids, NetworkView.View, NetworkStore.Table)
{
    public override bool Taggable => true;

    protected override string From => "network_network n";

    protected override string Alias => "n";

    protected override string Select => NetworkStore.Select;

    public override Fault NotFound(string id) => Faults.NetworkNotFound(id);

    protected override void Visible(ListQuery query, Actor actor) => query.Where(NetworkStore.Visible);

    protected override Task Load(Reader reader, List<Network> rows) => NetworkStore.LoadSubnets(reader, rows);

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var fresh = new Network { Id = Ids.Uuid(), ProjectId = OwnerOf(actor, input), Mtu = NetworkInput.DefaultMtu };
        var network = NetworkInput.ReadSegment(input, actor, NetworkInput.Read(input, actor, fresh, "create_network"));
        var shared = NetworkInput.Shared(input, actor, "create_network") ?? false;
        input.Done();
        await networks.Create(tx, network, shared);
        return network.Id;
    }

    protected override async Task Update(Tx tx, Actor actor, Network row, Input input)
    {
        input.ReadOnly("id", "status", "subnets", "project_id", "tenant_id", "provider:network_type", "provider:physical_network", "provider:segmentation_id");
        var next = NetworkInput.Read(input, actor, row, "update_network");
        var shared = NetworkInput.Shared(input, actor, "update_network");
        input.Done();
        if (row.External && !next.External && await NetworkStore.UsedAsExternal(tx, row.Id))
        {
            throw Fault.Conflict($"External network {row.Id} cannot be updated to be made non-external, since it has existing gateway ports.", "ExternalNetworkInUse");
        }

        if (shared is { } wanted && wanted != await Sharing.WithAll(tx, row.Id))
        {
            if (!wanted && await NetworkStore.UsedByOthers(tx, row))
            {
                throw Fault.Conflict($"Unable to reconfigure sharing settings for network {row.Name}. Multiple tenants are using it.", "InvalidSharedSetting");
            }

            await Sharing.SetWithAll(tx, Ids.Uuid(), row, "network", wanted);
        }

        await Table.Update(tx, next);
        await wakes.Network(tx, row.Id);
    }

    protected override Task Delete(Tx tx, Actor actor, Network row) => networks.Delete(tx, row);
}
