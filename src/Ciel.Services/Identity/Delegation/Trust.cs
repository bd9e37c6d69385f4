namespace Ciel.Services.Identity.Delegation;

/// <summary>A row of identity_trust: one user lends roles on a project to another.</summary>
internal sealed record TrustRow
{
    public required string Id { get; init; }

    public required string TrustorId { get; init; }

    public required string TrusteeId { get; init; }

    public string? ProjectId { get; init; }

    /// <summary>Whether the trustee acts under the trustor's name.</summary>
    public bool Impersonation { get; init; }

    public long? ExpiresAt { get; init; }

    public long? RemainingUses { get; init; }

    public bool AllowRedelegation { get; init; }

    public long RedelegationCount { get; init; }

    public string? RedelegatedTrustId { get; init; }

    public long? DeletedAt { get; init; }

    public string Extra { get; init; } = "{}";

    public long CreatedAt { get; init; }
}
