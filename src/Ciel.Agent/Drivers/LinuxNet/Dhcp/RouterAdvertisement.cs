using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>What a router's dnsmasq reads: it announces the router as the way out of its legs' IPv6 ranges (RFC 4861), and answers nothing else.</summary>
internal static class RouterAdvertisement
{
    /// <summary>The time between two, and for how long guests believe one: a router that is gone is forgotten after that.</summary>
    private const string Pace = "60,180";

    /// <summary>The files; null for a router that announces nothing.</summary>
    public static DnsmasqFiles? Render(RouterSpec spec, string directory, DnsmasqUser user)
    {
        var legs = spec.Up ? spec.Interfaces.Where(leg => leg.Advertised is { Count: > 0 }).ToArray() : [];
        string[] lines =
        [
            "port=0",
            "bind-dynamic",
            $"user={user.User}",
            $"group={user.Group}",
            $"pid-file={directory}/dnsmasq.pid",
            $"log-facility={DnsmasqFiles.LogPath(directory)}",
            $"dhcp-leasefile={directory}/leases",
            "quiet-ra",
            "quiet-dhcp6",
            "enable-ra",
            .. legs.Select(leg => HostNames.RouterLeg(leg.PortId)).SelectMany(name => new[] { $"interface={name}", $"ra-param={name},{Pace}" }),

            // The flags are those of the network's own advertisements; who then asks by DHCP is answered there, as the router's rules let no question in.
            .. legs.SelectMany(leg => leg.Advertised!).Select(range => $"dhcp-range={DnsmasqFiles.Range(Cidr.Parse(range.Cidr), range.Mode)}"),
        ];
        return legs.Length == 0 ? null : new DnsmasqFiles(string.Concat(lines.Select(line => line + "\n")), "", "", "");
    }
}
