namespace Ciel.Core.Trust;

/// <summary>What a token may act on.</summary>
public enum ScopeKind
{
    /// <summary>Nothing but the user's own affairs.</summary>
    None,

    /// <summary>A project.</summary>
    Project,

    /// <summary>A domain.</summary>
    Domain,

    /// <summary>The whole system.</summary>
    System,
}

/// <summary>How a token's bearer proved who they are; Keystone's methods.</summary>
[Flags]
public enum TokenMethods
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    /// <summary><c>password</c>.</summary>
    Password = 1,

    /// <summary><c>token</c>: by another token.</summary>
    Token = 2,

    /// <summary><c>application_credential</c>.</summary>
    ApplicationCredential = 4,
}

/// <summary>What a token says. It holds no roles: those are looked up, so that taking one away takes effect at once.</summary>
public sealed record TokenContent
{
    /// <summary>This token's audit id, 22 characters of base64url; the name by which it is revoked.</summary>
    public required string AuditId { get; init; }

    /// <summary>The audit id of the first token of its chain; null where it is itself the first.</summary>
    public string? ChainId { get; init; }

    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>What kind of thing it acts on.</summary>
    public ScopeKind Scope { get; init; }

    /// <summary>The project or domain; null for other scopes.</summary>
    public string? ScopeId { get; init; }

    /// <summary>How the bearer proved who they are.</summary>
    public TokenMethods Methods { get; init; }

    /// <summary>The application credential that it came by; null without.</summary>
    public string? ApplicationCredentialId { get; init; }

    /// <summary>The trust that it came by; null without.</summary>
    public string? TrustId { get; init; }

    /// <summary>µs UTC.</summary>
    public long IssuedAt { get; init; }

    /// <summary>µs UTC.</summary>
    public long ExpiresAt { get; init; }
}
