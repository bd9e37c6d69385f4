using Ciel.Core.Errors;

namespace Ciel.Services.Network;

/// <summary>What holds between the attributes of one subnet.</summary>
internal static class SubnetRules
{
    private static readonly Cidr Loopback4 = Cidr.Parse("127.0.0.0/8")!.Value;
    private static readonly Cidr Loopback6 = Cidr.Parse("::1/128")!.Value;
    private static readonly Cidr Multicast4 = Cidr.Parse("224.0.0.0/4")!.Value;
    private static readonly Cidr Multicast6 = Cidr.Parse("ff00::/8")!.Value;
    private static readonly Cidr LinkLocal6 = Cidr.Parse("fe80::/10")!.Value;

    /// <summary>The address that stands for the gateway where the user names none: the first of the range.</summary>
    public static Ip DefaultGateway(Cidr cidr) => cidr.First.Bits - cidr.Prefix <= 1 ? cidr.First : cidr.First.Plus(1);

    /// <exception cref="Fault">400 InvalidInput and its kin.</exception>
    public static void Check(Subnet subnet)
    {
        CheckRange(subnet);
        CheckModes(subnet);
        if (subnet.Gateway is { } gateway)
        {
            CheckGateway(subnet.Range, gateway);
            Pools.KeepGatewayOut(NetworkJson.Pools(subnet.AllocationPools), gateway);
        }
    }

    private static void CheckRange(Subnet subnet)
    {
        var range = subnet.Range;
        if (range.Prefix == 0)
        {
            throw Faults.InvalidInput("0 is not allowed as CIDR prefix length.");
        }

        if (!subnet.EnableDhcp)
        {
            return;
        }

        if (range.First.Bits - range.Prefix < 2)
        {
            throw Faults.InvalidInput("Subnet has a prefix length that is incompatible with DHCP service enabled.");
        }

        if (range.Overlaps(Multicast4) || range.Overlaps(Multicast6))
        {
            throw Faults.InvalidInput("Multicast IP subnet is not supported if enable_dhcp is True.");
        }

        if (range.Overlaps(Loopback4) || range.Overlaps(Loopback6))
        {
            throw Faults.InvalidInput("Loopback IP subnet is not supported if enable_dhcp is True.");
        }
    }

    private static void CheckModes(Subnet subnet)
    {
        if (subnet.Ipv6RaMode is null && subnet.Ipv6AddressMode is null)
        {
            return;
        }

        if (subnet.IpVersion == 4)
        {
            throw Faults.InvalidInput("ipv6_ra_mode and ipv6_address_mode are not valid when ip_version is 4");
        }

        if (!subnet.EnableDhcp)
        {
            throw Faults.InvalidInput("ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False.");
        }

        if (subnet is { Ipv6RaMode: { } ra, Ipv6AddressMode: { } address } && ra != address)
        {
            throw Faults.InvalidInput($"ipv6_ra_mode set to '{ra}' with ipv6_address_mode set to '{address}' is not valid. If both attributes are set, they must be the same value");
        }

        if ((subnet.Ipv6RaMode ?? subnet.Ipv6AddressMode) != Ipv6Modes.Stateful && subnet.Range.Prefix != 64)
        {
            throw Faults.InvalidInput($"Invalid CIDR {subnet.Cidr} for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to be /64");
        }
    }

    private static void CheckGateway(Cidr range, Ip gateway)
    {
        if (gateway.Version != range.Version)
        {
            throw Faults.InvalidInput($"gateway_ip '{gateway}' does not match the ip_version '{range.Version}'");
        }

        var (first, last) = Pools.Usable(range);
        if (range.Contains(gateway) && (gateway < first || gateway > last) && !LinkLocal6.Contains(gateway))
        {
            throw Faults.InvalidInput("Gateway is not valid on subnet");
        }
    }
}
