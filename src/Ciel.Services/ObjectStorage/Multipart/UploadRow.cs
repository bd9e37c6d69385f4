using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Multipart;

/// <summary>A multipart upload under way: the version that it will become, without bytes.</summary>
internal sealed record UploadRow
{
    public required string Id { get; init; }

    public required string BucketId { get; init; }

    public required string ObjectKey { get; init; }

    public required string Info { get; init; }

    public required string Acl { get; init; }

    public required string Tags { get; init; }

    public string? RetainMode { get; init; }

    public long? RetainUntil { get; init; }

    public bool LegalHold { get; init; }

    public required string OwnerId { get; init; }

    public required string OwnerName { get; init; }

    public long CreatedAt { get; init; }

    public ObjectInfo Details => field ??= ObjectInfo.Parse(Info);
}

/// <summary>One part of an upload.</summary>
internal sealed record PartRow
{
    public required string UploadId { get; init; }

    public long Number { get; init; }

    public long Size { get; init; }

    public required string Etag { get; init; }

    /// <summary>Base64, by the upload's algorithm.</summary>
    public string? Checksum { get; init; }

    public required string Content { get; init; }

    public long CreatedAt { get; init; }

    public IReadOnlyList<Piece> Pieces => Piece.Parse(Content);

    public IEnumerable<string> Blobs => Pieces.Select(p => p.Blob);
}
