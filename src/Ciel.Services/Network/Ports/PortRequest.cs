namespace Ciel.Services.Network;

/// <summary>An address that is asked for: a certain one, or any of a subnet.</summary>
internal sealed record AddressRequest(string? SubnetId, Ip? Address);

/// <summary>A port as it is asked for.</summary>
/// <param name="Row">Its plain attributes.</param>
internal sealed record PortRequest(Port Row)
{
    /// <summary>Null for what a port gets by itself.</summary>
    public IReadOnlyList<AddressRequest>? Addresses { get; init; }

    /// <summary>Ids of security groups; null for the project's default group.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>Null for one made from the id.</summary>
    public string? MacAddress { get; init; }
}
