using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Rows in the contract's words.</summary>
internal static class Infos
{
    public static NetworkInfo Of(Network network) => new(
        network.Id, network.Name, network.ProjectId, network.Mtu, network.Subnets.Count > 0, network.External, network.Shared, network.PortSecurity);

    public static async Task<IReadOnlyList<PortInfo>> Of(Reader reader, IReadOnlyList<Port> ports)
    {
        var networks = (await reader.Query<Network>(
            "SELECT n.* FROM network_network n WHERE id IN @ids", new { ids = ports.Select(p => p.NetworkId).Distinct().ToArray() })).ToDictionary(n => n.Id);
        var subnets = (await SubnetStore.ByIds(reader, [.. ports.SelectMany(p => p.Addresses).Select(a => a.SubnetId).Distinct()])).ToDictionary(s => s.Id);
        var floating = (await FloatingIpStore.OfPorts(reader, [.. ports.Select(p => p.Id)])).ToLookup(f => (f.PortId, f.FixedAddress), f => f.Address);
        return [.. ports.Select(p => new PortInfo(
            p.Id,
            p.NetworkId,
            networks[p.NetworkId].Name,
            networks[p.NetworkId].Mtu,
            p.ProjectId,
            p.MacAddress,
            p.DeviceId,
            [.. p.Addresses.Select(a => AddressOf(a, subnets[a.SubnetId], floating[(p.Id, a.Address)].FirstOrDefault()))],
            p.Status,
            p.DeviceTag))];
    }

    private static PortAddress AddressOf(Fixed address, Subnet subnet, string? floating) => new(
        address.Address, subnet.Id, subnet.Cidr, subnet.GatewayIp, NetworkJson.Strings(subnet.DnsNameservers), floating, subnet.EnableDhcp);
}
