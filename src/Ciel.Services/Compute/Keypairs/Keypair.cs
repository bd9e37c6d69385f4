namespace Ciel.Services.Compute;

/// <summary>A user's public SSH key under a name.</summary>
internal sealed record Keypair
{
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; init; }

    public string Type { get; init; } = "ssh";

    public required string PublicKey { get; init; }

    /// <summary>MD5 of the key's blob, hex pairs with colons, as OpenSSH once showed it.</summary>
    public required string Fingerprint { get; init; }

    public long CreatedAt { get; init; }
}
