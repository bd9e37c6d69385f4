using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Network;

/// <summary>Reads the attributes of a network from a request.</summary>
internal static class NetworkInput
{
    /// <summary>What is left of 1500 bytes when a VXLAN header goes around the packet, so that a network may grow to many nodes.</summary>
    public const int DefaultMtu = 1450;

    private const int LeastMtu = 68;
    private const int MostSegments = 1 << 24;

    public static Network Read(Input input, Actor actor, Network network, string action)
    {
        var next = input.Common(network) with
        {
            AdminStateUp = input.Flag("admin_state_up", network.AdminStateUp),
            External = input.HasForAdmin("router:external", actor, action) ? input.Flag("router:external", network.External) : network.External,
            IsDefault = input.HasForAdmin("is_default", actor, action) ? input.Flag("is_default", network.IsDefault) : network.IsDefault,
            PortSecurity = input.Flag("port_security_enabled", network.PortSecurity),
            Mtu = Mtu(input, network.Mtu),
            DnsDomain = DnsNames.Domain(input, network.DnsDomain),
        };
        return input.NotNull("availability_zone_hints").OptionalStrings("availability_zone_hints") is { } zones
            ? next with { ZoneHints = NetworkJson.Of(Zones(zones)) }
            : next;
    }

    /// <summary>Whether all projects may use it; null where the request does not say.</summary>
    public static bool? Shared(Input input, Actor actor, string action) =>
        input.HasForAdmin("shared", actor, action) ? input.NotNull("shared").OptionalBoolean("shared") : null;

    /// <summary>The attributes of the extension provider: only VXLAN segments are made on request.</summary>
    public static Network ReadSegment(Input input, Actor actor, Network network)
    {
        _ = input.HasForAdmin("provider:network_type", actor, "create_network");
        _ = input.HasForAdmin("provider:physical_network", actor, "create_network");
        _ = input.HasForAdmin("provider:segmentation_id", actor, "create_network");
        var type = input.OptionalString("provider:network_type") ?? "vxlan";
        if (type != "vxlan")
        {
            throw Faults.InvalidInput($"network_type value '{type}' not supported");
        }

        if (input.OptionalString("provider:physical_network") is not null)
        {
            throw Faults.InvalidInput("provider:physical_network specified for vxlan network");
        }

        return network with { SegmentationId = input.OptionalInteger("provider:segmentation_id", 1, MostSegments - 1) };
    }

    /// <summary>Refuses availability zones that there are not.</summary>
    public static IReadOnlyList<string> Zones(IReadOnlyList<string> zones) =>
        zones.FirstOrDefault(z => z != NetworkView.Zone) is { } unknown
            ? throw Core.Errors.Fault.NotFound($"AvailabilityZone {unknown} could not be found.", "AvailabilityZoneNotFound")
            : zones;

    private static int Mtu(Input input, int current) => input.NotNull("mtu").OptionalInteger("mtu", 0, 65535) switch
    {
        null => current,
        0 => DefaultMtu,
        < LeastMtu or > 1500 => throw Faults.InvalidInput($"Requested MTU must lie between {LeastMtu} and 1500"),
        { } mtu => (int)mtu,
    };
}
