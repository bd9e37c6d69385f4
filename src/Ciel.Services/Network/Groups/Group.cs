namespace Ciel.Services.Network;

/// <summary>A security group. Its rules are read along with it.</summary>
internal sealed record Group : Resource
{
    public bool IsDefault { get; init; }

    public bool Stateful { get; init; } = true;

    /// <summary>Whether another project's group is shared with the one that asks.</summary>
    public bool Shared { get; init; }

    public IReadOnlyList<GroupRule> Rules { get; init; } = [];
}

/// <summary>One rule of a security group: what may pass.</summary>
internal sealed record GroupRule : Resource
{
    public const string Ingress = "ingress";
    public const string Egress = "egress";
    public const string IPv4 = "IPv4";
    public const string IPv6 = "IPv6";

    public string GroupId { get; init; } = "";

    public string Direction { get; init; } = Ingress;

    public string Ethertype { get; init; } = IPv4;

    /// <summary>As the user named it; null for any.</summary>
    public string? Protocol { get; init; }

    /// <summary>The lowest port, or an ICMP type.</summary>
    public int? PortMin { get; init; }

    /// <summary>The highest port, or an ICMP code.</summary>
    public int? PortMax { get; init; }

    /// <summary>As the user wrote it.</summary>
    public string? RemoteCidr { get; init; }

    public string? RemoteGroupId { get; init; }

    public string? RemoteAddressGroupId { get; init; }

    /// <summary>The same for rules that let the same pass; unique in a group.</summary>
    public string Signature => string.Join(
        '|',
        Direction,
        Ethertype,
        Protocol is null ? "" : Protocols.Number(Protocol, Ethertype == IPv6)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        PortMin,
        PortMax,
        NormalizedCidr,
        RemoteGroupId,
        RemoteAddressGroupId);

    public string? NormalizedCidr => RemoteCidr is null ? null : Cidr.Parse(RemoteCidr)?.ToString();
}
