using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Multipart;

namespace Ciel.Services.ObjectStorage.Listing;

/// <summary>What a listing shows of a version.</summary>
internal sealed record ListedVersion
{
    public required string ObjectKey { get; init; }

    public long Rank { get; init; }

    public required string VersionId { get; init; }

    public bool Latest { get; init; }

    public bool Marker { get; init; }

    public long Size { get; init; }

    public required string Etag { get; init; }

    public required string Info { get; init; }

    public required string OwnerId { get; init; }

    public required string OwnerName { get; init; }

    public long CreatedAt { get; init; }

    public Objects.ObjectInfo Details => Objects.ObjectInfo.Parse(Info);
}

/// <summary>The SQL of listings.</summary>
internal static class ListStore
{
    private const string Columns = "object_key, rank, version_id, latest, marker, size, etag, info, owner_id, owner_name, created_at";

    public static Task<List<ListedVersion>> Current(Reader reader, string bucketId, Position after, string? end, int most) => reader.Query<ListedVersion>(
        $"""
        SELECT {Columns} FROM object_version
        WHERE bucket_id = @bucketId AND latest = 1 AND marker = 0 AND {(after.Rank == long.MinValue ? "object_key >= @Key" : "object_key > @Key")}
          {(end is null ? "" : "AND object_key < @end")}
        ORDER BY object_key LIMIT @most
        """,
        new { bucketId, after.Key, end, most });

    public static Task<List<ListedVersion>> All(Reader reader, string bucketId, Position after, string? end, int most) => reader.Query<ListedVersion>(
        $"""
        SELECT {Columns} FROM object_version
        WHERE bucket_id = @bucketId AND (object_key, rank) > (@Key, @Rank) {(end is null ? "" : "AND object_key < @end")}
        ORDER BY object_key, rank LIMIT @most
        """,
        new { bucketId, after.Key, after.Rank, end, most });

    /// <summary>Rows without their bytes, for the sweep of lifecycles.</summary>
    public static Task<List<Objects.VersionRow>> Whole(Reader reader, string bucketId, Position after, int most) => reader.Query<Objects.VersionRow>(
        $"""
        SELECT bucket_id, {Columns}, content, acl, tags, retain_mode, retain_until, legal_hold FROM object_version
        WHERE bucket_id = @bucketId AND (object_key, rank) > (@Key, @Rank) ORDER BY object_key, rank LIMIT @most
        """,
        new { bucketId, after.Key, after.Rank, most });

    public static Task<List<UploadRow>> Uploads(Reader reader, string bucketId, Position after, string? end, int most) => reader.Query<UploadRow>(
        $"""
        SELECT * FROM object_upload
        WHERE bucket_id = @bucketId AND {(after.Rank == long.MinValue ? "object_key >= @Key" : after.Id.Length == 0 ? "object_key > @Key" : "(object_key, id) > (@Key, @Id)")}
          {(end is null ? "" : "AND object_key < @end")}
        ORDER BY object_key, id LIMIT @most
        """,
        new { bucketId, after.Key, after.Id, end, most });

    public static Task<long?> RankOf(Reader reader, string bucketId, string key, string versionId) => reader.Scalar<long?>(
        "SELECT rank FROM object_version WHERE bucket_id = @bucketId AND object_key = @key AND version_id = @versionId", new { bucketId, key, versionId });
}
