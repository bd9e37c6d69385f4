using Ciel.Agent.Contract;

namespace Ciel.Live.Net;

/// <summary>Short ways to write what networks, ports and routers are to be.</summary>
internal static class Specs
{
    public static readonly RuleSpec[] Egress = [new(false, 4, null, null, null, null, null), new(false, 6, null, null, null, null, null)];

    /// <summary>The public network of this run, from the range for benchmarks (RFC 2544), so that two runs may share a host.</summary>
    public static readonly string Outside = $"198.18.{Environment.ProcessId % 250}";

    public static readonly RuleSpec Ping = new(true, 4, "icmp", null, null, null, null);

    public static RuleSpec Tcp(int port) => new(true, 4, "tcp", port, port, null, null);

    public static string Subnet(int number) => NetLab.Id(0xa000 + number);

    public static string Mac(int number) => $"fa:16:3e:00:{number >> 8:x2}:{number & 255:x2}";

    /// <summary>A port whose number is also the end of its id and hardware address.</summary>
    public static PortSpec Port(int number, int subnet, string address, params RuleSpec[] ingress) => new(
        NetLab.Id(0xb000 + number),
        Mac(number),
        [new FixedAddress(Subnet(subnet), address)],
        true,
        true,
        [],
        [.. Egress, .. ingress],
        $"vm{number}",
        new Dictionary<string, string>());

    /// <summary>A network 10.0.N.0/24 with gateway .1 and DHCP at .2, unless told otherwise.</summary>
    public static NetworkSpec Network(int subnet, params PortSpec[] ports) => Network(subnet, $"10.0.{subnet}", ports);

    public static NetworkSpec Network(int subnet, string prefix, params PortSpec[] ports) => new(
        1450,
        [new SubnetSpec(Subnet(subnet), $"{prefix}.0/24", $"{prefix}.1", true, $"{prefix}.2", [], [])],
        ports,
        new Dictionary<string, IReadOnlyList<string>>(),
        null);

    /// <summary>The public network, which the host meets at .1.</summary>
    public static NetworkSpec Public(int subnet, params PortSpec[] ports) =>
        Network(subnet, Outside, ports) with { Mtu = 1500, Public = new PublicSpec($"{Specs.Outside}.1/24") };

    public static RouterLeg Leg(int number, int network, string address) =>
        new(NetLab.Id(0xc000 + number), NetLab.Id(network), Mac(0xc00 + number), [address]);

    public static string NetworkName(int number) => ObjectName.Network(NetLab.Id(number));

    public static string RouterName(int number) => ObjectName.Router(NetLab.Id(number));
}
