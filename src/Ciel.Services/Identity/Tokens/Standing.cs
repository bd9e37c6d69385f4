using Ciel.Core.Policy;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity.Tokens;

/// <summary>Which standing is asked for: a user within a scope, perhaps by a delegation.</summary>
internal sealed record StandingKey(string UserId, ScopeKind Scope, string? ScopeId, string? AppCredentialId, string? TrustId)
{
    public static StandingKey Of(TokenContent token) => new(token.UserId, token.Scope, token.ScopeId, token.ApplicationCredentialId, token.TrustId);
}

/// <summary>What a user may do in a scope at present: everything of a token's answer that is not in the token itself.</summary>
internal sealed record Standing
{
    public required Actor Actor { get; init; }

    public required string UserDomainName { get; init; }

    /// <summary>The scope's own name; empty for none and for the system.</summary>
    public string ScopeName { get; init; } = "";

    public string? ProjectDomainName { get; init; }

    public bool IsDomain { get; init; }

    /// <summary>Effective roles, implied ones included, domain's own ones left out.</summary>
    public IReadOnlyList<NamedId> Roles { get; init; } = [];

    /// <summary>Tokens issued before are void: the last change of password, or the last time that user, project or domain were disabled.</summary>
    public long TokensFrom { get; init; }

    /// <summary>When the delegation ends; null for never.</summary>
    public long? EndsAt { get; init; }

    public AppCredentialStanding? AppCredential { get; init; }

    public TrustStanding? Trust { get; init; }
}

/// <summary>An id with its name.</summary>
internal sealed record NamedId(string Id, string Name);

/// <summary>The application credential behind a token.</summary>
internal sealed record AppCredentialStanding(string Id, string Name, bool Unrestricted, IReadOnlyList<AccessRule> Rules);

/// <summary>The trust behind a token.</summary>
internal sealed record TrustStanding(string Id, string TrustorId, string TrusteeId, bool Impersonation);

/// <summary>A request that an application credential may make: Keystone's access rules.</summary>
internal sealed record AccessRule(string Id, string Service, string Method, string Path);

/// <summary>A valid token with what its bearer may do now.</summary>
internal sealed record Proven(TokenContent Token, Standing Standing)
{
    /// <summary>Whether the token was got by delegation, which may not delegate further.</summary>
    public bool Delegated => Standing.Trust is not null || Standing.AppCredential is { Unrestricted: false };
}
