using Ciel.Services.ObjectStorage.Access;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>One version of an object, or a delete marker.</summary>
internal sealed record VersionRow
{
    public const string Null = "null";

    public required string BucketId { get; init; }

    public required string ObjectKey { get; init; }

    /// <summary>Sorts a key's versions, newest first.</summary>
    public long Rank { get; init; }

    public required string VersionId { get; init; }

    public bool Latest { get; init; } = true;

    /// <summary>Whether this is a delete marker.</summary>
    public bool Marker { get; init; }

    /// <summary>As how many objects it counts.</summary>
    public long Count => Marker ? 0 : 1;

    public long Size { get; init; }

    /// <summary>Without quotes.</summary>
    public string Etag { get; init; } = "";

    public string Content { get; init; } = "[]";

    public byte[]? Inline { get; init; }

    public string Info { get; init; } = "{}";

    public string Acl { get; init; } = "";

    public string Tags { get; init; } = "{}";

    public string? RetainMode { get; init; }

    public long? RetainUntil { get; init; }

    public bool LegalHold { get; init; }

    public required string OwnerId { get; init; }

    public required string OwnerName { get; init; }

    public long CreatedAt { get; init; }

    public ObjectInfo Details => field ??= ObjectInfo.Parse(Info);

    public Content Bytes => new(Piece.Parse(Content), Inline);

    public Acl AccessList => Acl.Length == 0 ? Access.Acl.Private(OwnerId, OwnerName) : Access.Acl.Parse(Acl);

    public ObjectGuard Guard => new(OwnerId, AccessList, TagSet.Parse(Tags));
}
