using System.Text;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>What one network's dnsmasq reads. A change of <see cref="Config"/> needs a new process; the others are read again.</summary>
/// <param name="Config">Its configuration.</param>
/// <param name="Hosts">Hardware address to fixed address.</param>
/// <param name="Options">What guests are told besides their address.</param>
/// <param name="Names">Names that it answers.</param>
internal sealed record DnsmasqFiles(string Config, string Hosts, string Options, string Names)
{
    /// <summary>Where guests' names live.</summary>
    private const string Domain = "novalocal";

    private const int LeaseSeconds = 86_400;

    /// <summary>The files; null for a network that hands out nothing.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="directory">Where the files will be.</param>
    /// <param name="user">As whom it runs.</param>
    public static DnsmasqFiles? Render(NetworkSpec spec, string directory, DnsmasqUser user)
    {
        var subnets = spec.Subnets.Where(subnet => subnet is { Dhcp: true, DhcpAddress: not null }).ToArray();
        return subnets.Length == 0 ? null : new DnsmasqFiles(
            ConfigText(subnets, directory, user),
            Lines(spec.Ports.SelectMany(port => HostLines(port, subnets))),
            Lines(subnets.SelectMany(subnet => DhcpOptions.OfSubnet(subnet, spec.Mtu)).Concat(spec.Ports.SelectMany(DhcpOptions.OfPort))),
            Lines(spec.Ports.SelectMany(NameLines)));
    }

    /// <summary>Whether a guest loses an address that an earlier hosts file gave it.</summary>
    public bool TakesBack(string earlierHosts) => earlierHosts.Split('\n').Except(Hosts.Split('\n')).Any();

    /// <summary>Where the log goes: <see cref="DhcpLog"/> reads it.</summary>
    public static string LogPath(string directory) => Path.Combine(directory, "dnsmasq.log");

    private static string ConfigText(SubnetSpec[] subnets, string directory, DnsmasqUser user) => Lines(
    [
        "interface=br",
        "except-interface=lo",
        "bind-dynamic",
        $"user={user.User}",
        $"group={user.Group}",
        $"pid-file={directory}/dnsmasq.pid",
        $"log-facility={LogPath(directory)}",
        $"dhcp-leasefile={directory}/leases",
        $"dhcp-hostsfile={directory}/hosts",
        $"dhcp-optsfile={directory}/options",
        $"addn-hosts={directory}/names",
        "dhcp-authoritative",
        "dhcp-lease-max=65536",

        // It would look for another holder of the address for three seconds, and there is none.
        "no-ping",
        "no-hosts",
        "no-resolv",
        "no-poll",
        $"domain={Domain}",

        // Every other name has no address: it asks nobody.
        "address=/#/",

        // It announces the ranges only: the way out is the router's to announce.
        .. subnets.Any(subnet => Cidr.Parse(subnet.Cidr).IsV6) ? (string[])["enable-ra", "ra-param=br,60,0"] : [],
        .. subnets.Select(subnet => $"dhcp-range=set:{DhcpOptions.Tag(subnet)},{Range(Cidr.Parse(subnet.Cidr), subnet.Ipv6Mode)}"),
    ]);

    /// <summary>A range as its mode has it handed out and, of IPv6, announced.</summary>
    public static string Range(Cidr range, string? ipv6Mode) => (range.IsV6, ipv6Mode) switch
    {
        (false, _) => $"{range.Base},static,{LeaseSeconds}s",
        (true, "slaac") => $"{range.Base},slaac,{range.Prefix},{LeaseSeconds}s",
        (true, "dhcpv6-stateless") => $"{range.Base},ra-stateless,{range.Prefix},{LeaseSeconds}s",
        (true, _) => $"{range.Base},static,{range.Prefix},{LeaseSeconds}s",
    };

    private static IEnumerable<string> HostLines(PortSpec port, SubnetSpec[] subnets) =>
        from address in port.Addresses
        where subnets.Any(subnet => subnet.Id == address.SubnetId && subnet.Ipv6Mode is null or "dhcpv6-stateful")
        let host = Cidr.Host(address.Address)
        let shown = host.Contains(':') ? $"[{host}]" : host
        select $"{Mac.Parse(port.Mac)},set:{DhcpOptions.Tag(port)},{shown},{NamesOf(port, host)[0]}";

    private static IEnumerable<string> NameLines(PortSpec port) => port.Addresses.Select(address => Cidr.Host(address.Address))
        .Select(host => $"{host} {string.Join(' ', NamesOf(port, host).SelectMany(name => new[] { $"{name}.{Domain}", name }))}");

    /// <summary>The guest's own name, if it has one, and the one that stands for its address.</summary>
    private static string[] NamesOf(PortSpec port, string host)
    {
        var plain = "host-" + host.Replace('.', '-').Replace(':', '-');
        return Label(port.HostName) is { Length: > 0 } own ? [own, plain] : [plain];
    }

    /// <summary>The part before the first dot, as far as it is a label of DNS.</summary>
    private static string Label(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var kept = (dot < 0 ? name : name[..dot]).ToLowerInvariant().Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
        return string.Concat(kept.Take(63)).Trim('-');
    }

    private static string Lines(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }
}
