namespace Ciel.Services.Identity.Limits;

/// <summary>A row of identity_registered_limit: how much of a service's resource every project may have unless a limit of its own says otherwise.</summary>
internal sealed record RegisteredLimitRow
{
    public required string Id { get; init; }

    public required string ServiceId { get; init; }

    /// <summary>Empty for all regions.</summary>
    public required string RegionId { get; init; }

    public required string ResourceName { get; init; }

    /// <summary>In the resource's unit; -1 for as much as there is.</summary>
    public required long DefaultLimit { get; init; }

    public string? Description { get; init; }
}

/// <summary>A row of identity_limit: how much one project or domain may have.</summary>
internal sealed record LimitRow
{
    public required string Id { get; init; }

    /// <summary>Empty for a domain's.</summary>
    public required string ProjectId { get; init; }

    /// <summary>Empty for a project's.</summary>
    public required string DomainId { get; init; }

    public required string ServiceId { get; init; }

    /// <summary>Empty for all regions.</summary>
    public required string RegionId { get; init; }

    public required string ResourceName { get; init; }

    /// <summary>In the resource's unit; -1 for as much as there is.</summary>
    public required long ResourceLimit { get; init; }

    public string? Description { get; init; }
}
