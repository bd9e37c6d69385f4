namespace Ciel.Services.Network;

/// <summary>The meters of the network on the ledger.</summary>
public static class NetworkMeters
{
    /// <summary>A public address, floating or of a router's gateway: from its allocation to its release. Quantity 1 address.</summary>
    public const string PublicAddress = "address.public";
}
