namespace Ciel.Services.ObjectStorage.Sts;

/// <summary>What a session token says: all that there is of a session, sealed. Whom it stands for is looked up each time.</summary>
internal sealed record SessionContent
{
    /// <summary>The temporary secret.</summary>
    public required string Secret { get; init; }

    /// <summary>µs UTC.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>The lasting key that it came from, which must still be good; null for web identity.</summary>
    public string? Source { get; init; }

    /// <summary>The role that it bears; null where it stands for the source itself.</summary>
    public string? Role { get; init; }

    /// <summary>The session's, or the federated user's, name.</summary>
    public string? Name { get; init; }

    /// <summary>The session's policies; each narrows further.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>The provider behind a web identity, by id; null for others.</summary>
    public string? Provider { get; init; }

    /// <summary>Whom the provider named.</summary>
    public string? Subject { get; init; }

    /// <summary>Whether the name is a federated user's.</summary>
    public bool Federated { get; init; }

    /// <summary>Whether who asked for it may make nothing that outlasts him, so that its bearer may not, either.</summary>
    public bool Lent { get; init; }
}
