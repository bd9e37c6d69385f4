namespace Ciel.Services.Network;

/// <summary>A port. Addresses and security groups are read along with it.</summary>
internal sealed record Port : Resource
{
    public string NetworkId { get; init; } = "";

    public string MacAddress { get; init; } = "";

    public bool AdminStateUp { get; init; } = true;

    public string DeviceId { get; init; } = "";

    public string DeviceOwner { get; init; } = "";

    public bool PortSecurity { get; init; } = true;

    public string VnicType { get; init; } = "normal";

    /// <summary>A JSON object, kept for the admin who set it.</summary>
    public string Profile { get; init; } = "{}";

    /// <summary>The node that its device runs on; empty for none.</summary>
    public string Host { get; init; } = "";

    /// <summary>How the device calls its guest, for DHCP and DNS.</summary>
    public string GuestName { get; init; } = "";

    /// <summary>How the owner wants it called; empty leaves it to the device.</summary>
    public string DnsName { get; init; } = "";

    public string HostName => DnsName.Length > 0 ? DnsName : GuestName;

    /// <summary>Whether it goes with its device.</summary>
    public bool MadeForDevice { get; init; }

    /// <summary>The device's own name for it.</summary>
    public string? DeviceTag { get; init; }

    /// <summary>When its device got it, µs UTC; orders the interfaces of a device.</summary>
    public long AttachedAt { get; init; }

    public string AllowedPairs { get; init; } = "[]";

    public string DhcpOptions { get; init; } = "[]";

    /// <summary>Counts what the node must hear of.</summary>
    public long Generation { get; init; }

    /// <summary>The generation that the node has wired.</summary>
    public long Wired { get; init; }

    public IReadOnlyList<Fixed> Addresses { get; init; } = [];

    public IReadOnlyList<string> Groups { get; init; } = [];

    public bool IsWired => Wired >= Generation;

    /// <summary>Whether the service made it for a router, a floating address or DHCP.</summary>
    public bool IsOwn => DeviceOwner.StartsWith("network:", StringComparison.Ordinal);

    public string Status => DeviceOwner == DeviceOwners.FloatingIp ? "N/A"
        : !AdminStateUp || (Host.Length == 0 && !IsOwn) ? "DOWN"
        : IsWired ? "ACTIVE"
        : IsOwn ? "DOWN" : "BUILD";
}

/// <summary>An address that a port holds.</summary>
internal sealed record Fixed(string PortId, string SubnetId, string Address);

/// <summary>What ports belong to.</summary>
internal static class DeviceOwners
{
    public const string Compute = "compute:nova";
    public const string Dhcp = "network:dhcp";
    public const string RouterInterface = "network:router_interface";
    public const string RouterGateway = "network:router_gateway";
    public const string FloatingIp = "network:floatingip";
}
