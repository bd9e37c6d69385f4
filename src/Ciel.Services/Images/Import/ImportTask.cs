namespace Ciel.Services.Images.Import;

/// <summary>What became of one import. Kept for two days.</summary>
internal sealed record ImportTask
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    public required string Id { get; init; }

    public required string ImageId { get; init; }

    public required string Owner { get; init; }

    public required string UserId { get; init; }

    public required string RequestId { get; init; }

    public required string Status { get; init; }

    /// <summary>The request as it came, JSON.</summary>
    public required string Input { get; init; }

    public required string Message { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public long ExpiresAt { get; init; }
}
