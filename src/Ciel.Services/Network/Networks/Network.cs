namespace Ciel.Services.Network;

/// <summary>A network. Subnets and sharing are read along with it.</summary>
internal sealed record Network : Resource
{
    public bool AdminStateUp { get; init; } = true;

    /// <summary>Whether routers may have gateways and floating addresses here.</summary>
    public bool External { get; init; }

    public bool IsDefault { get; init; }

    public int Mtu { get; init; }

    public bool PortSecurity { get; init; } = true;

    /// <summary><c>vxlan</c> or <c>flat</c>.</summary>
    public string NetworkType { get; init; } = "vxlan";

    public string? PhysicalNetwork { get; init; }

    public long? SegmentationId { get; init; }

    /// <summary>A JSON list of strings.</summary>
    public string ZoneHints { get; init; } = "[]";

    /// <summary>Kept for a name service outside; guests' names end in the cloud's own domain.</summary>
    public string DnsDomain { get; init; } = "";

    /// <summary>Counts what nodes must hear of.</summary>
    public long Generation { get; init; }

    /// <summary>Whether a policy lets all projects, or the one that asks, use it.</summary>
    public bool Shared { get; init; }

    /// <summary>Whether some node carries it now.</summary>
    public bool Carried { get; init; }

    /// <summary>Whether the host meets it: the one flat network.</summary>
    public bool IsPublic => NetworkType == "flat";

    public IReadOnlyList<string> Subnets { get; init; } = [];

    public string? Ipv4AddressScope { get; init; }

    public string? Ipv6AddressScope { get; init; }
}
