namespace Ciel.Services.Identity.Catalog;

/// <summary>A row of identity_region.</summary>
internal sealed record RegionRow
{
    public required string Id { get; init; }

    public string? ParentRegionId { get; init; }

    public string Description { get; init; } = "";

    public string Extra { get; init; } = "{}";
}

/// <summary>A row of identity_service.</summary>
internal sealed record ServiceRow
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public bool Enabled { get; init; } = true;

    public string Extra { get; init; } = "{}";
}

/// <summary>A row of identity_endpoint.</summary>
internal sealed record EndpointRow
{
    public required string Id { get; init; }

    public required string ServiceId { get; init; }

    /// <summary><c>public</c>, <c>internal</c> or <c>admin</c>.</summary>
    public required string Interface { get; init; }

    public string? RegionId { get; init; }

    /// <summary>May hold <see cref="Urls.Base"/> and <c>%(project_id)s</c>.</summary>
    public required string Url { get; init; }

    public bool Enabled { get; init; } = true;

    public string Extra { get; init; } = "{}";
}
