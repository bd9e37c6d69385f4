namespace Ciel.Services.Identity.Delegation;

/// <summary>A row of identity_app_credential.</summary>
internal sealed record AppCredentialRow
{
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string SecretHash { get; init; }

    public long? ExpiresAt { get; init; }

    /// <summary>Whether tokens by it may make further credentials and trusts.</summary>
    public bool Unrestricted { get; init; }

    public long CreatedAt { get; init; }
}
