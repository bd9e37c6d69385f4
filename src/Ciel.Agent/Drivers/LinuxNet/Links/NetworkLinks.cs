using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>What to change of the interfaces in a network's namespace, as lines for <c>ip -batch</c>.</summary>
internal static class NetworkLinks
{
    /// <summary>The bridge's end of the host's interface, in the public network's namespace.</summary>
    public const string HostPeer = "host";

    private const string TapPrefix = "tap";

    /// <summary>Answers the lines; none when all is as it should be.</summary>
    /// <param name="networkId">The network.</param>
    /// <param name="spec">What it is to be.</param>
    /// <param name="found">What is there.</param>
    /// <param name="tapLine">The line that makes a port's tap.</param>
    public static IReadOnlyList<string> Plan(
        string networkId, NetworkSpec spec, IReadOnlyDictionary<string, Link> found, Func<PortSpec, string> tapLine)
    {
        var lines = new List<string>();
        var taps = spec.Ports.ToDictionary(port => HostNames.Tap(port.Id));
        lines.AddRange(found.Keys.Where(name => name.StartsWith(TapPrefix, StringComparison.Ordinal) && !taps.ContainsKey(name))
            .Select(name => $"link delete dev {name}"));
        if (spec.Public is null && found.ContainsKey(HostPeer))
        {
            lines.Add($"link delete dev {HostPeer}");
        }

        Bridge(networkId, spec, found.GetValueOrDefault(HostNames.Bridge), lines);
        foreach (var (tap, port) in taps)
        {
            var link = found.GetValueOrDefault(tap);
            if (link is null)
            {
                lines.Add(tapLine(port));
            }

            Member(tap, spec.Mtu, link, lines);
        }

        if (spec.Public is not null)
        {
            Member(HostPeer, spec.Mtu, found.GetValueOrDefault(HostPeer), lines);
        }

        return lines;
    }

    private static void Bridge(string networkId, NetworkSpec spec, Link? bridge, List<string> lines)
    {
        if (bridge is null)
        {
            lines.Add($"link add name br address {Mac.OfBridge(networkId)} mtu {spec.Mtu} type bridge mcast_snooping 0 forward_delay 0");
        }
        else if (bridge.Mtu != spec.Mtu)
        {
            lines.Add($"link set dev br mtu {spec.Mtu}");
        }

        if (bridge is not { Up: true })
        {
            lines.Add("link set dev br up");
        }
    }

    /// <summary>Makes an interface a port of the bridge.</summary>
    public static void Member(string name, int mtu, Link? link, List<string> lines)
    {
        if (link is not { Up: true, Master: HostNames.Bridge } || link.Mtu != mtu)
        {
            lines.Add($"link set dev {name} mtu {mtu} master br up");
        }
    }
}
