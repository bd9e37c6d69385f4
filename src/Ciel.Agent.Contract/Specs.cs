using System.Text.Json.Serialization;

namespace Ciel.Agent.Contract;

/// <summary>What an object is to be. New releases only add fields.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(MachineSpec), "machine")]
[JsonDerivedType(typeof(SnapshotSpec), "snapshot")]
[JsonDerivedType(typeof(NetworkSpec), "network")]
[JsonDerivedType(typeof(RouterSpec), "router")]
public abstract record ObjectSpec;

/// <summary>Bytes that a node may fetch or hand in, by a short-lived ticket for one blob in one direction.</summary>
/// <param name="Sha512">Lower-case hex.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Format"><c>qcow2</c> or <c>raw</c>: as inspected by the controller, never probed again.</param>
/// <param name="Ticket">Shown to <see cref="IController.Fetch"/>.</param>
public sealed record BlobSource(string Sha512, long Size, string Format, string Ticket);

/// <summary>A virtual machine.</summary>
/// <param name="Vcpus">Virtual processors.</param>
/// <param name="MemoryMiB">Memory.</param>
/// <param name="Root">The root disk.</param>
/// <param name="Nics">Network interfaces, in the guest's order.</param>
/// <param name="On">Whether it is to run.</param>
/// <param name="Boots">Counts the boots asked for. The agent (re)starts the machine once for each increase; what the guest did
/// itself (power-off, crash) is not undone until the next increase.</param>
/// <param name="Graceful">Whether a stop or restart first presses the ACPI power button and waits up to 60 s.</param>
/// <param name="Hardware">Fixed at first boot and never recomputed.</param>
/// <param name="Blanks">Empty disks besides the root disk, kept like it until the machine goes; null for none.</param>
/// <param name="Paused">Whether its guest is to stand still while the machine runs.</param>
public sealed record MachineSpec(
    int Vcpus,
    int MemoryMiB,
    DiskSpec Root,
    IReadOnlyList<NicSpec> Nics,
    bool On,
    long Boots,
    bool Graceful,
    HardwareSpec Hardware,
    IReadOnlyList<BlankDiskSpec>? Blanks = null,
    bool Paused = false) : ObjectSpec;

/// <summary>A machine's root disk: an overlay on a cached base image, or an empty disk.</summary>
/// <param name="Base">The image; null for an empty disk.</param>
/// <param name="SizeGiB">Virtual size; 0 means the image's own.</param>
public sealed record DiskSpec(BlobSource? Base, int SizeGiB);

/// <summary>A disk that is empty at first.</summary>
/// <param name="Name"><c>ephemeral</c> or <c>swap</c>.</param>
/// <param name="MiB">Virtual size; it may grow at a boot, and never shrinks.</param>
/// <param name="Slot">PCI slot, 5 to 31, that no interface has.</param>
public sealed record BlankDiskSpec(string Name, long MiB, int Slot);

/// <summary>One network interface of a machine.</summary>
/// <param name="PortId">The port's row; names the tap (<see cref="HostNames.Tap"/>).</param>
/// <param name="NetworkId">The network's row; its object must exist on the node.</param>
/// <param name="Mac">Colon-separated lower-case hex.</param>
/// <param name="Mtu">Bytes.</param>
/// <param name="Slot">PCI slot, 5 to 31 (the board keeps the others), fixed when the interface is attached.</param>
public sealed record NicSpec(string PortId, string NetworkId, string Mac, int Mtu, int Slot);

/// <summary>The virtual hardware, stored with the server at its first boot.</summary>
/// <param name="MachineType">QEMU's versioned machine type, such as <c>pc-i440fx-7.2</c>; empty lets the node choose and report.</param>
/// <param name="CpuModel">QEMU's CPU model; empty lets the node choose.</param>
/// <param name="Serial">The system's UUID as the guest sees it: the server's id.</param>
public sealed record HardwareSpec(string MachineType, string CpuModel, string Serial);

/// <summary>A copy of a machine's root disk, handed to the controller as qcow2 without a backing file.</summary>
/// <param name="Machine">The machine object's name; on the same node.</param>
/// <param name="Ticket">Shown to <see cref="IController.Store"/>.</param>
public sealed record SnapshotSpec(string Machine, string Ticket) : ObjectSpec;

/// <summary>A network's part on one node: a namespace with a bridge, the ports there, DHCP, DNS and metadata.</summary>
/// <param name="Mtu">Bytes.</param>
/// <param name="Subnets">Address ranges.</param>
/// <param name="Ports">The ports on this node.</param>
/// <param name="Groups">Members of remote security groups that <see cref="RuleSpec.RemoteGroup"/> names: group id to CIDRs.</param>
/// <param name="Public">Where the host meets this network; null on tenant networks.</param>
public sealed record NetworkSpec(
    int Mtu,
    IReadOnlyList<SubnetSpec> Subnets,
    IReadOnlyList<PortSpec> Ports,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Groups,
    PublicSpec? Public) : ObjectSpec;

/// <summary>The host's one interface, <c>NAME-pub</c>: it reaches the public network, whose guests can only answer it.</summary>
/// <param name="HostAddress">The host's address with prefix, such as <c>198.51.100.1/24</c>.</param>
public sealed record PublicSpec(string HostAddress);

/// <summary>One subnet.</summary>
/// <param name="Id">The subnet's row.</param>
/// <param name="Cidr">Such as <c>10.0.0.0/24</c> or <c>fd00::/64</c>.</param>
/// <param name="Gateway">The gateway's address; null without one.</param>
/// <param name="Dhcp">Whether addresses are handed out here.</param>
/// <param name="DhcpAddress">Where DHCP, DNS and metadata listen; null when nothing does.</param>
/// <param name="DnsServers">Told to guests; empty means <paramref name="DhcpAddress"/>.</param>
/// <param name="Routes">Further routes told to guests.</param>
/// <param name="Ipv6Mode"><c>slaac</c>, <c>dhcpv6-stateful</c>, <c>dhcpv6-stateless</c>, or null.</param>
public sealed record SubnetSpec(
    string Id,
    string Cidr,
    string? Gateway,
    bool Dhcp,
    string? DhcpAddress,
    IReadOnlyList<string> DnsServers,
    IReadOnlyList<RouteSpec> Routes,
    string? Ipv6Mode = null);

/// <summary>A static route.</summary>
/// <param name="Destination">CIDR.</param>
/// <param name="NextHop">Address.</param>
public sealed record RouteSpec(string Destination, string NextHop);

/// <summary>One port of a machine on this node. Router ports are made by the router's object and are not filtered here.</summary>
/// <param name="Id">The port's row; names the tap (<see cref="HostNames.Tap"/>).</param>
/// <param name="Mac">Colon-separated lower-case hex.</param>
/// <param name="Addresses">Fixed addresses.</param>
/// <param name="Up">Administrative state; a port that is down passes nothing.</param>
/// <param name="PortSecurity">Whether spoofing is dropped and rules apply.</param>
/// <param name="AllowedPairs">Further sources the guest may use.</param>
/// <param name="Rules">What may pass; all else is dropped, replies pass.</param>
/// <param name="HostName">Told by DHCP and DNS.</param>
/// <param name="DhcpOptions">Extra DHCP options by name or number.</param>
public sealed record PortSpec(
    string Id,
    string Mac,
    IReadOnlyList<FixedAddress> Addresses,
    bool Up,
    bool PortSecurity,
    IReadOnlyList<AllowedPair> AllowedPairs,
    IReadOnlyList<RuleSpec> Rules,
    string HostName,
    IReadOnlyDictionary<string, string> DhcpOptions);

/// <summary>An address on a subnet.</summary>
/// <param name="SubnetId">The subnet's row.</param>
/// <param name="Address">Without prefix.</param>
public sealed record FixedAddress(string SubnetId, string Address);

/// <summary>A source that a guest may use besides its own.</summary>
/// <param name="Cidr">Address or CIDR.</param>
/// <param name="Mac">Colon-separated lower-case hex.</param>
public sealed record AllowedPair(string Cidr, string Mac);

/// <summary>One security group rule as it applies to a port.</summary>
/// <param name="Ingress">Towards the guest; else from it.</param>
/// <param name="EtherType">4 or 6.</param>
/// <param name="Protocol">Name or number as Neutron has it; null for any.</param>
/// <param name="PortMin">Lowest port, or ICMP type; null for any.</param>
/// <param name="PortMax">Highest port, or ICMP code; null for any.</param>
/// <param name="RemoteCidr">The other side; null for any.</param>
/// <param name="RemoteGroup">The other side as a key of <see cref="NetworkSpec.Groups"/>; null for any.</param>
public sealed record RuleSpec(bool Ingress, int EtherType, string? Protocol, int? PortMin, int? PortMax, string? RemoteCidr, string? RemoteGroup);

/// <summary>A router: a namespace with one leg in each network, NAT and floating addresses.</summary>
/// <param name="Up">Administrative state; a router that is down forwards nothing.</param>
/// <param name="Interfaces">Legs in tenant networks on the same node.</param>
/// <param name="Gateway">The leg in the external network; null without one.</param>
/// <param name="FloatingAddresses">Public addresses that stand for fixed ones.</param>
/// <param name="Routes">Further routes.</param>
public sealed record RouterSpec(
    bool Up,
    IReadOnlyList<RouterLeg> Interfaces,
    RouterGateway? Gateway,
    IReadOnlyList<FloatingAddress> FloatingAddresses,
    IReadOnlyList<RouteSpec> Routes) : ObjectSpec;

/// <summary>One leg of a router.</summary>
/// <param name="PortId">The router port's row.</param>
/// <param name="NetworkId">The network's row.</param>
/// <param name="Mac">Colon-separated lower-case hex.</param>
/// <param name="Addresses">With prefix, such as <c>10.0.0.1/24</c>.</param>
/// <param name="Advertised">IPv6 ranges that the router announces there, and itself as the way out (RFC 4861); null for none.</param>
public sealed record RouterLeg(
    string PortId, string NetworkId, string Mac, IReadOnlyList<string> Addresses, IReadOnlyList<AdvertisedRange>? Advertised = null);

/// <summary>An IPv6 range that a router announces.</summary>
/// <param name="Cidr">Such as <c>fd00::/64</c>.</param>
/// <param name="Mode">As <see cref="SubnetSpec.Ipv6Mode"/>.</param>
public sealed record AdvertisedRange(string Cidr, string Mode);

/// <summary>The leg in the external network.</summary>
/// <param name="Leg">The leg itself.</param>
/// <param name="NextHops">Default gateways (one for each IP version at most).</param>
/// <param name="Snat">Whether tenant addresses are translated on their way out.</param>
public sealed record RouterGateway(RouterLeg Leg, IReadOnlyList<string> NextHops, bool Snat);

/// <summary>A public address that stands for a fixed one.</summary>
/// <param name="Public">Address without prefix.</param>
/// <param name="Fixed">Address without prefix, behind one of the router's legs.</param>
public sealed record FloatingAddress(string Public, string Fixed);
