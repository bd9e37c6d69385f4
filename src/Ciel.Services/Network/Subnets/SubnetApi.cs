using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/subnets.</summary>
internal sealed class SubnetApi(Db db, Ids ids, SubnetBook subnets) : ResourceApi<Subnet>(db, ids, SubnetView.View, SubnetStore.Table)
{
    public override bool Taggable => true;

    protected override string From => "network_subnet s";

    protected override string Alias => "s";

    public override Fault NotFound(string id) => Faults.SubnetNotFound(id);

    protected override void Visible(ListQuery query, Actor actor) => query.Where(SubnetStore.Visible);

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var version = SubnetInput.IpVersion(input);
        var network = await NetworkOf(tx, actor, input.Id("network_id"));
        var subnet = new Subnet
        {
            Id = Ids.Uuid(),
            ProjectId = OwnerOf(actor, input),
            NetworkId = network.Id,
            IpVersion = version,
            Ipv6RaMode = Mode(input, "ipv6_ra_mode"),
            Ipv6AddressMode = Mode(input, "ipv6_address_mode"),
        };
        var (range, pool) = await PrefixOf(tx, actor, input, subnet);
        subnet = Common(input, subnet with { Cidr = range.ToString(), SubnetpoolId = pool });
        var gateway = input.Has("gateway_ip") ? SubnetInput.Gateway(input) : SubnetRules.DefaultGateway(range);
        var given = SubnetInput.AllocationPools(input);
        input.Done();
        subnet = subnet with
        {
            GatewayIp = gateway?.ToString(),
            AllocationPools = NetworkJson.Of(given is null ? Pools.Default(range, gateway) : Pools.Checked(given, range)),
        };
        SubnetRules.Check(subnet);
        await subnets.Create(tx, subnet, network);
        return subnet.Id;
    }

    protected override async Task Update(Tx tx, Actor actor, Subnet row, Input input)
    {
        input.ReadOnly("id", "cidr", "ip_version", "network_id", "project_id", "tenant_id", "ipv6_ra_mode", "ipv6_address_mode", "subnetpool_id");
        var next = Common(input, row);
        var gateway = input.Has("gateway_ip") ? SubnetInput.Gateway(input) : row.Gateway;
        var given = SubnetInput.AllocationPools(input);
        input.Done();
        next = next with
        {
            GatewayIp = gateway?.ToString(),
            AllocationPools = given is null ? row.AllocationPools : NetworkJson.Of(Pools.Checked(given, row.Range)),
        };
        SubnetRules.Check(next);
        await subnets.Update(tx, row, next);
    }

    protected override Task Delete(Tx tx, Actor actor, Subnet row) => subnets.Delete(tx, row);

    private static Subnet Common(Input input, Subnet subnet) => input.Common(subnet) with
    {
        EnableDhcp = input.Flag("enable_dhcp", subnet.EnableDhcp),
        DnsNameservers = SubnetInput.NameServers(input, subnet.DnsNameservers),
        HostRoutes = SubnetInput.HostRoutes(input, subnet.HostRoutes, subnet.IpVersion),
        ServiceTypes = SubnetInput.ServiceTypes(input, subnet.ServiceTypes),
    };

    private static string? Mode(Input input, string name) => input.OptionalChoice(name, Ipv6Modes.All);

    // Only the network's owner may put subnets on it; to others a network that they cannot see does not exist.
    private static async Task<Network> NetworkOf(Tx tx, Actor actor, string id)
    {
        var network = await NetworkStore.FindVisible(tx, actor, id) ?? throw Faults.NetworkNotFound(id);
        return actor.IsAdmin || network.ProjectId == actor.ProjectId ? network : throw Inputs.NotAllowed("create_subnet");
    }

    private static async Task<(Cidr Range, string? Pool)> PrefixOf(Tx tx, Actor actor, Input input, Subnet subnet)
    {
        var pool = input.OptionalString("subnetpool_id");
        var useDefault = input.OptionalBoolean("use_default_subnetpool") ?? false;
        var length = input.OptionalInteger("prefixlen", 0, 128);
        if (pool is not null || useDefault)
        {
            var wanted = input.Has("cidr") && !input.IsNull("cidr") ? SubnetInput.Cidr(input, subnet.IpVersion) : (Cidr?)null;
            return await SubnetBook.FromPool(tx, actor, subnet, pool, wanted, (int?)length);
        }

        return input.Has("cidr") && !input.IsNull("cidr")
            ? (SubnetInput.Cidr(input, subnet.IpVersion), null)
            : throw Fault.BadRequest("Bad subnets request: a subnetpool must be specified in the absence of a cidr.");
    }
}
