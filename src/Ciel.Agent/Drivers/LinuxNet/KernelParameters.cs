namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>Kernel parameters of the namespaces.</summary>
internal static class KernelParameters
{
    /// <summary>Of a network: the IP families see what is bridged; nothing is routed.</summary>
    public static readonly IReadOnlyList<string> Network =
    [
        "net.bridge.bridge-nf-call-iptables=1",
        "net.bridge.bridge-nf-call-ip6tables=1",
        "net.bridge.bridge-nf-call-arptables=0",
        "net.ipv4.ip_forward=0",
        "net.ipv4.conf.all.rp_filter=0",
        "net.ipv4.conf.default.rp_filter=0",

        // An accepted connection bears the mark of its first packet: that is how the metadata server knows the asker's tap.
        "net.ipv4.tcp_fwmark_accept=1",

        // Only the bridge may have IPv6: the kernel would speak on each tap in its own name.
        "net.ipv6.conf.default.disable_ipv6=1",
        "net.ipv6.conf.default.accept_ra=0",
    ];

    /// <summary>Of a network whose bridge carries IPv6.</summary>
    public static readonly IReadOnlyList<string> BridgeWithIpv6 = ["net.ipv6.conf.br.disable_ipv6=0"];

    /// <summary>Of a router.</summary>
    public static readonly IReadOnlyList<string> Router =
    [
        "net.ipv6.conf.default.accept_ra=0",
        "net.ipv6.conf.all.forwarding=1",
        "net.ipv4.ip_forward=1",
        "net.ipv4.conf.all.rp_filter=0",
        "net.ipv4.conf.default.rp_filter=0",
        "net.ipv4.conf.all.send_redirects=0",
        "net.ipv4.conf.default.send_redirects=0",
        "net.ipv4.conf.all.accept_redirects=0",

        // Each leg answers for its own addresses only, and announces them when they change.
        "net.ipv4.conf.all.arp_ignore=1",
        "net.ipv4.conf.all.arp_announce=2",
        "net.ipv4.conf.all.arp_notify=1",
        "net.ipv6.conf.all.ndisc_notify=1",
    ];
}
