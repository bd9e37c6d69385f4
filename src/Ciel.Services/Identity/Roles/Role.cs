namespace Ciel.Services.Identity.Roles;

/// <summary>A row of identity_role; the domain is empty for roles of the whole cloud.</summary>
internal sealed record RoleRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string DomainId { get; init; } = "";

    public string? Description { get; init; }

    public string Options { get; init; } = "{}";

    public string Extra { get; init; } = "{}";
}
