using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>What to change of the interfaces and routes in a router's namespace, as lines for <c>ip -batch</c>.</summary>
internal static class RouterLinks
{
    private const string LegPrefix = "qr-";

    /// <summary>All legs, the gateway last.</summary>
    public static IReadOnlyList<RouterLeg> Legs(RouterSpec spec) =>
        spec.Gateway is { } gateway ? [.. spec.Interfaces, gateway.Leg] : spec.Interfaces;

    /// <summary>Answers the lines; none when all is as it should be.</summary>
    /// <param name="instance">The instance's name.</param>
    /// <param name="spec">What the router is to be.</param>
    /// <param name="found">What is there.</param>
    /// <param name="mtus">Each network's id to its MTU.</param>
    public static IReadOnlyList<string> Plan(
        string instance, RouterSpec spec, IReadOnlyDictionary<string, Link> found, IReadOnlyDictionary<string, int> mtus)
    {
        var legs = Legs(spec);
        var names = legs.Select(leg => HostNames.RouterLeg(leg.PortId)).ToHashSet();
        var lines = found.Keys.Where(name => name.StartsWith(LegPrefix, StringComparison.Ordinal) && !names.Contains(name))
            .Select(name => $"link delete dev {name}").ToList();
        foreach (var leg in legs)
        {
            Leg(instance, leg, mtus[leg.NetworkId], found.GetValueOrDefault(HostNames.RouterLeg(leg.PortId)), lines);
        }

        return lines;
    }

    private static void Leg(string instance, RouterLeg leg, int mtu, Link? link, List<string> lines)
    {
        var name = HostNames.RouterLeg(leg.PortId);
        var mac = Mac.Parse(leg.Mac);
        if (link is null)
        {
            lines.Add($"link add name {name} address {mac} mtu {mtu} type veth peer name {HostNames.RouterPeer(leg.PortId)} "
                + $"netns {HostNames.NetworkNamespace(instance, leg.NetworkId)}");
        }
        else if (link.Mtu != mtu)
        {
            lines.Add($"link set dev {name} mtu {mtu}");
        }

        if (link is not { Up: true })
        {
            lines.Add($"link set dev {name} up");
        }
    }

    /// <summary>Answers the lines that give the legs their addresses, once they are up on both sides.</summary>
    public static IReadOnlyList<string> PlanAddresses(RouterSpec spec, IReadOnlyDictionary<string, Link> found)
    {
        var lines = new List<string>();
        foreach (var leg in Legs(spec))
        {
            var name = HostNames.RouterLeg(leg.PortId);
            var mac = Mac.Parse(leg.Mac);
            var link = found.GetValueOrDefault(name);
            var wanted = Addresses.OfLeg(spec, leg);
            lines.AddRange(Addresses.Plan(name, wanted, link));

            // Setting the hardware address, even to what it is, announces all of the leg's addresses (arp_notify), so that
            // neighbours forget the router that had a floating address before.
            if (link?.Mac != mac || wanted.Except(link.Addresses).Any())
            {
                lines.Add($"link set dev {name} address {mac}");
            }
        }

        return lines;
    }
}
