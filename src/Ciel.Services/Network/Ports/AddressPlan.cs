using Ciel.Core.Errors;

namespace Ciel.Services.Network;

/// <summary>Which addresses a port is to have: certain ones, and choices of which one is taken.</summary>
/// <param name="Certain">Subnet and address.</param>
/// <param name="Choices">For each an address of any of these subnets.</param>
internal sealed record AddressPlan(IReadOnlyList<(Subnet Subnet, Ip Address)> Certain, IReadOnlyList<IReadOnlyList<Subnet>> Choices)
{
    /// <summary>Works out what a request means on a network with these subnets.</summary>
    /// <param name="port">Its Ethernet address is known.</param>
    /// <param name="subnets">Of the port's network, oldest first.</param>
    /// <param name="requests">Null for what a port gets by itself.</param>
    /// <exception cref="Fault">400 for what no subnet has.</exception>
    public static AddressPlan For(Port port, IReadOnlyList<Subnet> subnets, IReadOnlyList<AddressRequest>? requests)
    {
        var certain = new List<(Subnet Subnet, Ip Address)>();
        var choices = new List<IReadOnlyList<Subnet>>();
        if (requests is null)
        {
            choices.AddRange(ByItself(port, subnets));
        }

        foreach (var request in requests ?? [])
        {
            var subnet = SubnetOf(port, subnets, request);
            if (request.Address is { } address)
            {
                certain.Add((subnet, Allowed(port, subnet, address)));
            }
            else if (subnet.IsAuto && !IsRouter(port))
            {
                certain.Add((subnet, Mac.Eui64(subnet.Range, port.MacAddress)));
            }
            else
            {
                choices.Add([subnet]);
            }
        }

        if (!IsRouter(port))
        {
            certain.AddRange(subnets.Where(s => s.IsAuto && Serves(s, port) && certain.All(c => c.Subnet.Id != s.Id))
                .Select(s => (s, Mac.Eui64(s.Range, port.MacAddress))));
        }

        return new AddressPlan([.. certain.Distinct()], choices);
    }

    // One of each IP version where guests do not make their own.
    private static IEnumerable<IReadOnlyList<Subnet>> ByItself(Port port, IReadOnlyList<Subnet> subnets) => subnets
        .Where(s => (!s.IsAuto || IsRouter(port)) && Serves(s, port)).GroupBy(s => s.IpVersion).OrderBy(g => g.Key).Select(g => g.ToArray());

    private static Subnet SubnetOf(Port port, IReadOnlyList<Subnet> subnets, AddressRequest request) => request switch
    {
        { SubnetId: { } id } => subnets.FirstOrDefault(s => s.Id == id)
            ?? throw Faults.InvalidInput($"Failed to create port on network {port.NetworkId}, because fixed_ips included invalid subnet {id}"),
        _ => subnets.FirstOrDefault(s => s.Range.Contains(request.Address!.Value))
            ?? throw Fault.BadRequest(
                $"IP address {request.Address} is not a valid IP for any of the subnets on the specified network.", "InvalidIpForNetwork"),
    };

    private static Ip Allowed(Port port, Subnet subnet, Ip address)
    {
        var (first, last) = Pools.Usable(subnet.Range);
        if (address.Version != subnet.IpVersion || address < first || address > last)
        {
            throw Fault.BadRequest($"IP address {address} is not a valid IP for the specified subnet.", "InvalidIpForSubnet");
        }

        return !subnet.IsAuto || IsRouter(port) || address == Mac.Eui64(subnet.Range, port.MacAddress)
            ? address
            : throw Faults.InvalidInput($"IPv6 address {address} can not be directly assigned to a port on subnet {subnet.Id} as the subnet is configured for automatic addresses");
    }

    private static bool IsRouter(Port port) => port.DeviceOwner is DeviceOwners.RouterInterface or DeviceOwners.RouterGateway;

    private static bool Serves(Subnet subnet, Port port)
    {
        var types = NetworkJson.Strings(subnet.ServiceTypes);
        return types.Count == 0 || types.Any(t => port.DeviceOwner.StartsWith(t, StringComparison.Ordinal));
    }
}
