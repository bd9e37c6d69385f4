namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>Another S3 that a project replicates to.</summary>
internal sealed record TargetRow
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; init; }

    /// <summary>Such as <c>https://s3.example.com</c>.</summary>
    public required string Endpoint { get; init; }

    public required string Region { get; init; }

    public required string Access { get; init; }

    /// <summary>Sealed about <see cref="About"/>.</summary>
    public required string Secret { get; init; }

    public long CreatedAt { get; init; }

    public string Arn => $"{Destination.RemoteStart}{Name}";

    /// <summary>What the secret is bound to.</summary>
    public static string About(string projectId, string name) => $"replication target {projectId}/{name}";
}
