namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>An event that waits to be sent.</summary>
internal sealed record EventRow
{
    public required string Id { get; init; }

    public required string TopicId { get; init; }

    public required string BucketId { get; init; }

    /// <summary>Events of one key are sent in their order.</summary>
    public required string ObjectKey { get; init; }

    public long Sequence { get; init; }

    /// <summary>The message, JSON.</summary>
    public required string Record { get; init; }

    public long Attempts { get; init; }

    public long CreatedAt { get; init; }
}
