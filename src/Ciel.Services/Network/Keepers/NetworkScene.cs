using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>What a network's part on one node is composed of, read in one snapshot.</summary>
/// <param name="Network">Its row.</param>
/// <param name="Subnets">All of the network's.</param>
/// <param name="Ports">Machines' ports on the node.</param>
/// <param name="Rules">Of the ports' groups.</param>
/// <param name="Members">Remote group or address group to ranges.</param>
/// <param name="DhcpPort">The node's own; null for none.</param>
internal sealed record NetworkScene(
    Network Network,
    IReadOnlyList<Subnet> Subnets,
    IReadOnlyList<Port> Ports,
    IReadOnlyList<GroupRule> Rules,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Members,
    Port? DhcpPort)
{
    public static async Task<NetworkScene> Read(Reader reader, Network network, string node)
    {
        var ports = await PortStore.Loaded(reader, await reader.Query<Port>(
            """
            SELECT * FROM network_port WHERE network_id = @Id AND host = @node AND device_id <> '' AND substr(device_owner, 1, 8) <> 'network:'
            ORDER BY created_at, id
            """,
            new { network.Id, node }));
        var rules = await GroupStore.RulesOf(reader, [.. ports.SelectMany(p => p.Groups).Distinct()]);
        return new NetworkScene(
            network,
            await SubnetStore.OfNetwork(reader, network.Id),
            ports,
            rules,
            await MembersOf(reader, rules),
            (await PortStore.OfDevice(reader, DhcpPorts.DeviceId(network.Id, node), DeviceOwners.Dhcp)).FirstOrDefault());
    }

    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> MembersOf(Reader reader, List<GroupRule> rules)
    {
        var groups = rules.Select(r => r.RemoteGroupId).OfType<string>().Distinct().ToArray();
        var members = groups.ToDictionary(g => g, _ => (IReadOnlyList<string>)[]);
        var ports = groups.Length == 0 ? [] : await PortStore.Loaded(reader, await reader.Query<Port>(
            """
            SELECT * FROM network_port WHERE host <> '' AND id IN (SELECT port_id FROM network_port_group WHERE group_id IN @groups) ORDER BY id
            """,
            new { groups }));
        foreach (var group in groups)
        {
            members[group] = [.. ports.Where(p => p.Groups.Contains(group)).SelectMany(Sources).Distinct().Order(StringComparer.Ordinal)];
        }

        foreach (var group in await AddressGroupStore.ByIds(reader, [.. rules.Select(r => r.RemoteAddressGroupId).OfType<string>().Distinct()]))
        {
            members[group.Id] = NetworkJson.Strings(group.Addresses);
        }

        return members;
    }

    private static IEnumerable<string> Sources(Port port) => port.Addresses.Select(a => a.Address)
        .Concat(NetworkJson.AddressPairs(port.AllowedPairs).Select(p => p.IpAddress))
        .Select(text => Cidr.Parse(text)!.Value.ToString());
}
