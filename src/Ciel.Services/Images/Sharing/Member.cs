namespace Ciel.Services.Images.Sharing;

/// <summary>A project with which an image is shared.</summary>
internal sealed record Member
{
    public const string Pending = "pending";
    public static readonly IReadOnlyList<string> Statuses = [Pending, "accepted", "rejected"];

    public required string ImageId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>Accepted ones are in the project's list of images.</summary>
    public required string Status { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }
}
