namespace Ciel.Services.Compute;

/// <summary>What a client asks for when it creates servers: read and checked by itself, not yet against what exists.</summary>
internal sealed record NewServer
{
    public required string Name { get; init; }

    /// <summary>Asked for by name (2.90); null takes it from <see cref="Name"/>.</summary>
    public string? HostName { get; init; }

    public string? Description { get; init; }

    public required string ImageRef { get; init; }

    public required string FlavorRef { get; init; }

    public string? KeyName { get; init; }

    public string? UserData { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Names or ids; null for the project's default group.</summary>
    public IReadOnlyList<string>? SecurityGroups { get; init; }

    public required NetworkWish Networks { get; init; }

    public string Zone { get; init; } = "";

    public string? WantedHost { get; init; }

    public int MinCount { get; init; } = 1;

    public int MaxCount { get; init; } = 1;

    public bool ReturnReservation { get; init; }

    public string? AdminPass { get; init; }

    public string DiskConfig { get; init; } = "MANUAL";

    public string AccessIpV4 { get; init; } = "";

    public string AccessIpV6 { get; init; } = "";

    public IReadOnlyList<string> Tags { get; init; } = [];

    public Hints Hints { get; init; } = Hints.None;

    public string? GroupId { get; init; }
}

/// <summary>Which networks new servers are to be on.</summary>
/// <param name="Nics">One for each interface; null leaves the choice to us.</param>
/// <param name="Auto">Asked for <c>auto</c>: there must be one, it may be none without.</param>
internal sealed record NetworkWish(IReadOnlyList<NicWish>? Nics, bool Auto = false);

/// <summary>One interface of a new server: a port that exists, or a network to make one on.</summary>
internal sealed record NicWish(string? PortId, string? NetworkId, string? FixedAddress, string? Tag);
