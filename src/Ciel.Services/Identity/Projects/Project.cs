namespace Ciel.Services.Identity.Projects;

/// <summary>A row of identity_project: a project, or a domain, which is a project that acts as one.</summary>
internal sealed record ProjectRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Empty for domains.</summary>
    public required string DomainId { get; init; }

    /// <summary>The project above, or the domain; null for domains.</summary>
    public string? ParentId { get; init; }

    public bool IsDomain { get; init; }

    public string Description { get; init; } = "";

    public bool Enabled { get; init; } = true;

    public string Options { get; init; } = "{}";

    public string Extra { get; init; } = "{}";

    /// <summary>Tokens for it that were issued before are void.</summary>
    public long TokensFrom { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>Why it is suspended, a sentence for its users; null while it is not.</summary>
    public string? Suspended { get; init; }

    /// <summary>The domain whose managers manage it: for a domain, itself.</summary>
    public string HomeDomainId => IsDomain ? Id : DomainId;
}
