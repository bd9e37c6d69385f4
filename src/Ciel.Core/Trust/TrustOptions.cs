namespace Ciel.Core.Trust;

/// <summary>Where the root key lies and how long trust lasts.</summary>
public sealed record TrustOptions
{
    /// <summary>The root key file; outside data and backups. Made at the first start, readable by its owner only.</summary>
    public required string RootKeyPath { get; init; }

    /// <summary>How long a token is good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long new tokens are sealed with the same key.</summary>
    public TimeSpan TokenKeyAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Passwords hashed at the same time; each takes a core for some 30 ms and 19 MiB.</summary>
    public int PasswordLanes { get; init; } = Environment.ProcessorCount;

    /// <summary>Passwords that may wait for a lane; beyond, 429.</summary>
    public int PasswordQueue { get; init; } = 64;
}
