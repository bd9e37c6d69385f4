using Ciel.Core;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The port from which a node serves DHCP, names and metadata to a network's guests there; nobody's quota pays for it.</summary>
internal sealed class DhcpPorts(PortBook ports, Ids ids)
{
    public static string DeviceId(string networkId, string node) => $"dhcp-{node}-{networkId}";

    /// <summary>Whether the port lacks an address that could be had.</summary>
    public static async Task<bool> Lacks(Reader reader, NetworkScene scene)
    {
        foreach (var subnet in Missing(scene.Subnets, scene.DhcpPort))
        {
            if (await HasRoom(reader, subnet, scene.DhcpPort))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes the port where a subnet wants it, and gives it an address on each such subnet that has room.</summary>
    public async Task Ensure(Tx tx, string networkId, string node)
    {
        if (!await NetworkStore.Table.Lock(tx, networkId) || await NetworkStore.Find(tx, networkId) is not { } network)
        {
            return;
        }

        var subnets = await SubnetStore.OfNetwork(tx, networkId);
        var port = (await PortStore.OfDevice(tx, DeviceId(networkId, node), DeviceOwners.Dhcp)).FirstOrDefault();
        if (Missing(subnets, port).Length == 0)
        {
            return;
        }

        port ??= await ports.Create(
            tx,
            new PortRequest(new Port
            {
                Id = ids.Uuid(),
                ProjectId = network.ProjectId,
                NetworkId = networkId,
                DeviceId = DeviceId(networkId, node),
                DeviceOwner = DeviceOwners.Dhcp,
                Host = node,
                PortSecurity = false,
            })
            {
                Addresses = [],
            },
            counted: false);
        foreach (var subnet in Missing(subnets, port))
        {
            if (subnet.IsAuto)
            {
                await Ipam.Take(tx, port, subnet.Id, Mac.Eui64(subnet.Range, port.MacAddress), subnet.IpVersion);
            }
            else
            {
                await Ipam.TakeAny(tx, port, subnet, subnet.IpVersion);
            }
        }
    }

    /// <summary>Deletes the port.</summary>
    public async Task Remove(Tx tx, string networkId, string node)
    {
        foreach (var port in await PortStore.OfDevice(tx, DeviceId(networkId, node), DeviceOwners.Dhcp))
        {
            await ports.Delete(tx, port);
        }
    }

    // Asked first, so that the keeper does not go round in circles for an address that there is not.
    private static async Task<bool> HasRoom(Reader reader, Subnet subnet, Port? port) => subnet.IsAuto
        ? port is null || await SubnetStore.HolderOf(reader, subnet.Id, Mac.Eui64(subnet.Range, port.MacAddress).ToString()) is null
        : await Ipam.HasRoom(reader, subnet);

    private static Subnet[] Missing(IReadOnlyList<Subnet> subnets, Port? port) =>
        [.. subnets.Where(s => s.EnableDhcp && port?.Addresses.Any(a => a.SubnetId == s.Id) != true)];
}
