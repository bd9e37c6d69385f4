using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>Which addresses interfaces carry, and the lines for <c>ip -batch</c> that bring them in line.</summary>
internal static class Addresses
{
    /// <summary>What the bridge carries: where DHCP, DNS and metadata listen.</summary>
    public static IReadOnlyList<string> OfBridge(NetworkSpec spec) =>
    [
        .. spec.Subnets.Where(subnet => subnet.DhcpAddress is not null)
            .Select(subnet => $"{Cidr.Host(subnet.DhcpAddress!)}/{Cidr.Parse(subnet.Cidr).Prefix}"),
        $"{MetadataAddress.Value}/32",
    ];

    /// <summary>A router's leg: its own and, on the gateway, the floating ones.</summary>
    public static IReadOnlyList<string> OfLeg(RouterSpec spec, RouterLeg leg)
    {
        var own = leg.Addresses.Select(Cidr.Interface);
        return leg == spec.Gateway?.Leg
            ? [.. own.Concat(spec.FloatingAddresses.Select(floating => Cidr.Host(floating.Public) + "/32")).Distinct()]
            : [.. own];
    }

    /// <summary>Answers the lines; none when the interface carries what it should.</summary>
    public static IReadOnlyList<string> Plan(string device, IReadOnlyList<string> wanted, Link? found)
    {
        var has = found?.Addresses ?? [];

        // Duplicate address detection would hold an IPv6 address back for a second, and nobody else may have it.
        return
        [
            .. has.Except(wanted).Select(address => $"address delete {address} dev {device}"),
            .. wanted.Except(has).Select(address => $"address add {address} dev {device}{(Cidr.Parse(address).IsV6 ? " nodad" : "")}"),
        ];
    }
}
