namespace Ciel.Services.Network;

/// <summary>A public address that may stand for a port's fixed one. It is held by a port of its own on the external network.</summary>
internal sealed record FloatingIp : Resource
{
    /// <summary>The external network.</summary>
    public string NetworkId { get; init; } = "";

    public string Address { get; init; } = "";

    /// <summary>The port that holds the public address.</summary>
    public string OwnPortId { get; init; } = "";

    /// <summary>The port that it stands for; null for none.</summary>
    public string? PortId { get; init; }

    public string? FixedAddress { get; init; }

    public string? RouterId { get; init; }

    /// <summary>Kept for a name service outside.</summary>
    public string DnsName { get; init; } = "";

    public string DnsDomain { get; init; } = "";

    /// <summary>Whether the router's node has it.</summary>
    public bool Active { get; init; }

    public string Status => Active ? "ACTIVE" : "DOWN";

    /// <summary>The port that it stands for, for the view.</summary>
    public Port? Port { get; init; }
}
