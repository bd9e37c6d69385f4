using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/floatingips.</summary>
internal sealed class FloatingIpApi(Db db, Ids ids, FloatingIpBook floatings, PortApi ports)
    : ResourceApi<FloatingIp>(db, ids, FloatingIpView.View, FloatingIpStore.Table)
{
    public override bool Taggable => true;

    protected override string From => "network_floating_ip f";

    protected override string Alias => "f";

    public override Fault NotFound(string id) => Fault.NotFound($"Floating IP {id} could not be found", "FloatingIPNotFound");

    protected override Task Load(Reader reader, List<FloatingIp> rows) => FloatingIpStore.LoadPorts(reader, rows);

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var network = await NetworkOf(tx, actor, input.Id("floating_network_id"));
        var floating = new FloatingIp
        {
            Id = Ids.Uuid(),
            ProjectId = OwnerOf(actor, input),
            NetworkId = network.Id,
            OwnPortId = Ids.Uuid(),
            Description = input.Text("description", ""),
            DnsName = DnsNames.Name(input, ""),
            DnsDomain = DnsNames.Domain(input, ""),
        };
        var wanted = Wanted(input, actor);
        var (portId, fixedAddress) = (input.OptionalString("port_id"), Address(input, "fixed_ip_address"));
        input.Done();
        var made = await floatings.Allocate(tx, floating, wanted);
        if (portId is not null)
        {
            await floatings.Associate(tx, actor, made, await PortOf(tx, actor, portId), fixedAddress);
        }

        return made.Id;
    }

    protected override async Task Update(Tx tx, Actor actor, FloatingIp row, Input input)
    {
        input.ReadOnly("id", "project_id", "tenant_id", "floating_network_id", "floating_ip_address", "router_id", "status", "dns_name", "dns_domain");
        var next = row with { Description = input.Text("description", row.Description) };
        var (portId, fixedAddress) = (input.OptionalString("port_id"), Address(input, "fixed_ip_address"));
        input.Done();
        await Table.Update(tx, next);
        if (input.Has("port_id") || fixedAddress is not null)
        {
            portId = input.Has("port_id") ? portId : row.PortId;
            await floatings.Associate(tx, actor, row, portId is null ? null : await PortOf(tx, actor, portId), fixedAddress);
        }
    }

    protected override Task Delete(Tx tx, Actor actor, FloatingIp row) => floatings.Release(tx, row);

    private static async Task<Network> NetworkOf(Tx tx, Actor actor, string id)
    {
        var network = await NetworkStore.FindVisible(tx, actor, id) ?? throw Faults.NetworkNotFound(id);
        return network.External ? network : throw Fault.BadRequest($"Bad floatingip request: Network {id} is not a valid external network.");
    }

    // Held, so that it is not deleted under the association.
    private async Task<Port> PortOf(Tx tx, Actor actor, string id)
    {
        await PortStore.Table.Lock(tx, id);
        return await ports.Find(tx, actor, id) ?? throw Faults.PortNotFound(id);
    }

    private static AddressRequest? Wanted(Input input, Actor actor)
    {
        var subnet = input.OptionalString("subnet_id");
        var address = Address(input, "floating_ip_address");
        if (address is not null && !actor.IsAdmin)
        {
            throw Inputs.NotAllowed("create_floatingip:floating_ip_address");
        }

        return subnet is null && address is null ? null : new AddressRequest(subnet, address is null ? null : Ip.Parse(address));
    }

    private static string? Address(Input input, string name) => input.OptionalString(name, 0, 64) switch
    {
        null => null,
        var text => Ip.Parse(text)?.ToString() ?? throw input.Refuse(name, text, $"'{text}' is not a valid IP address"),
    };
}
