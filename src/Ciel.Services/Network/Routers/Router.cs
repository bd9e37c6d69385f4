namespace Ciel.Services.Network;

/// <summary>A router. Its gateway port is read along with it.</summary>
internal sealed record Router : Resource
{
    public bool AdminStateUp { get; init; } = true;

    /// <summary>Whether tenant addresses are translated on their way out.</summary>
    public bool EnableSnat { get; init; } = true;

    public string? GatewayPortId { get; init; }

    /// <summary>A JSON list of static routes.</summary>
    public string Routes { get; init; } = "[]";

    public string ZoneHints { get; init; } = "[]";

    /// <summary>Counts what its node must hear of.</summary>
    public long Generation { get; init; }

    /// <summary>Whether a node carries it now.</summary>
    public bool Carried { get; init; }

    public Port? Gateway { get; init; }
}

/// <summary>What a request says of a router's gateway.</summary>
/// <param name="NetworkId">Null for no gateway.</param>
/// <param name="EnableSnat">Null for what it was, or on.</param>
/// <param name="Addresses">Null for any.</param>
internal sealed record GatewayRequest(string? NetworkId, bool? EnableSnat, IReadOnlyList<AddressRequest>? Addresses);
