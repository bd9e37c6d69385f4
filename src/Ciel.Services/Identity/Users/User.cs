namespace Ciel.Services.Identity.Users;

/// <summary>A row of identity_user.</summary>
internal sealed record UserRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string DomainId { get; init; }

    /// <summary>Null for users without a password.</summary>
    public string? PasswordHash { get; init; }

    public bool Enabled { get; init; } = true;

    public string? DefaultProjectId { get; init; }

    public string Options { get; init; } = "{}";

    public string Extra { get; init; } = "{}";

    /// <summary>Tokens of the user that were issued before are void.</summary>
    public long TokensFrom { get; init; }

    public long CreatedAt { get; init; }
}
