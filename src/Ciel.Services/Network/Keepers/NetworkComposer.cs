using Ciel.Agent.Contract;

namespace Ciel.Services.Network;

/// <summary>Composes what a node is asked for.</summary>
internal static class NetworkComposer
{
    public static NetworkSpec Compose(NetworkScene scene) => new(
        scene.Network.Mtu,
        [.. scene.Subnets.Select(s => SubnetOf(s, scene.DhcpPort))],
        [.. scene.Ports.Select(p => PortOf(p, scene))],
        scene.Members,
        PublicOf(scene));

    /// <summary>The rules of a port's groups, each once.</summary>
    public static IReadOnlyList<RuleSpec> RulesFor(Port port, IReadOnlyList<GroupRule> rules) => [.. rules
        .Where(r => port.Groups.Contains(r.GroupId))
        .Select(r => new RuleSpec(
            r.Direction == GroupRule.Ingress,
            r.Ethertype == GroupRule.IPv4 ? 4 : 6,
            r.Protocol,
            r.PortMin,
            r.PortMax,
            r.NormalizedCidr,
            r.RemoteGroupId ?? r.RemoteAddressGroupId))
        .Distinct()];

    private static SubnetSpec SubnetOf(Subnet subnet, Port? dhcp) => new(
        subnet.Id,
        subnet.Cidr,
        subnet.GatewayIp,
        subnet.EnableDhcp,
        subnet.EnableDhcp ? dhcp?.Addresses.FirstOrDefault(a => a.SubnetId == subnet.Id)?.Address : null,
        NetworkJson.Strings(subnet.DnsNameservers),
        [.. NetworkJson.Routes(subnet.HostRoutes).Select(r => new RouteSpec(r.Destination, r.NextHop))],
        subnet.Ipv6AddressMode ?? subnet.Ipv6RaMode);

    private static PortSpec PortOf(Port port, NetworkScene scene) => new(
        port.Id,
        port.MacAddress,
        [.. port.Addresses.Select(a => new FixedAddress(a.SubnetId, a.Address))],
        port.AdminStateUp && scene.Network.AdminStateUp,
        port.PortSecurity,
        [.. NetworkJson.AddressPairs(port.AllowedPairs).Select(p => new AllowedPair(p.IpAddress, p.MacAddress))],
        RulesFor(port, scene.Rules),
        port.HostName,
        Options(port));

    // The contract knows no IP version of an option; what is meant for DHCPv6 bears dnsmasq's word for it.
    private static Dictionary<string, string> Options(Port port) => NetworkJson.DhcpOptions(port.DhcpOptions)
        .ToDictionary(o => o.IpVersion == 6 ? "option6:" + o.OptName : o.OptName, o => o.OptValue);

    private static PublicSpec? PublicOf(NetworkScene scene) =>
        scene.Network.IsPublic && scene.Subnets.FirstOrDefault(s => s is { IpVersion: 4, GatewayIp: not null }) is { } subnet
            ? new PublicSpec($"{subnet.GatewayIp}/{subnet.Range.Prefix}")
            : null;
}
