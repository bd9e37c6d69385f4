namespace Ciel.Services.Network;

/// <summary>A subnet. Lists are kept as JSON.</summary>
internal sealed record Subnet : Resource
{
    public string NetworkId { get; init; } = "";

    public int IpVersion { get; init; } = 4;

    public string Cidr { get; init; } = "";

    public string? GatewayIp { get; init; }

    public bool EnableDhcp { get; init; } = true;

    public string? Ipv6AddressMode { get; init; }

    public string? Ipv6RaMode { get; init; }

    public string AllocationPools { get; init; } = "[]";

    public string DnsNameservers { get; init; } = "[]";

    public string HostRoutes { get; init; } = "[]";

    public string ServiceTypes { get; init; } = "[]";

    public string? SubnetpoolId { get; init; }

    public Cidr Range => Services.Network.Cidr.Parse(Cidr)!.Value;

    public Ip? Gateway => GatewayIp is null ? null : Ip.Parse(GatewayIp);

    /// <summary>Whether guests make their address from their Ethernet address.</summary>
    public bool IsAuto => Ipv6AddressMode is Ipv6Modes.Slaac or Ipv6Modes.Stateless;
}

/// <summary>How guests come by their IPv6 address and options.</summary>
internal static class Ipv6Modes
{
    public const string Slaac = "slaac";
    public const string Stateful = "dhcpv6-stateful";
    public const string Stateless = "dhcpv6-stateless";
    public static readonly string[] All = [Stateful, Stateless, Slaac];
}
