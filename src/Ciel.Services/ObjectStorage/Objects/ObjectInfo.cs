using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>What a version bears beside its bytes; stored as JSON.</summary>
internal sealed record ObjectInfo
{
    private static readonly JsonSerializerOptions Format = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Content-Type and its kin, as they go back out.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The user's own, without <c>x-amz-meta-</c>.</summary>
    public Dictionary<string, string> Meta { get; init; } = [];

    public ObjectChecksum? Checksum { get; init; }

    /// <summary>The parts of a multipart upload, in order; null where it came whole.</summary>
    public List<PartInfo>? Parts { get; init; }

    /// <summary>The multipart upload that it came by, so that a repeated completion is known; null for others.</summary>
    public string? UploadId { get; init; }

    public Encryption? Encryption { get; init; }

    /// <summary>PENDING, COMPLETED, FAILED or REPLICA; null for what is not replicated.</summary>
    public string? Replication { get; init; }

    public string StorageClass { get; init; } = StorageClasses.Standard;

    /// <summary>When it goes by itself, µs UTC (Swift's <c>X-Delete-At</c>); null for never.</summary>
    public long? DeleteAt { get; init; }

    /// <summary>Where the segments of a dynamic large object are, <c>CONTAINER/PREFIX</c>; null for others.</summary>
    public string? Manifest { get; init; }

    /// <summary>Whether its bytes are the list of a static large object's segments; null for no.</summary>
    public bool? Segmented { get; init; }

    [JsonIgnore]
    public string Text => JsonSerializer.Serialize(this, Format);

    public static ObjectInfo Parse(string text) => JsonSerializer.Deserialize<ObjectInfo>(text)!;
}

/// <summary>A checksum that is kept with the object.</summary>
/// <param name="Algorithm">Upper case.</param>
/// <param name="Value">Base64; of composite ones with <c>-COUNT</c>.</param>
/// <param name="Type">Of what: one of the constants here.</param>
internal sealed record ObjectChecksum(string Algorithm, string Value, string Type)
{
    /// <summary>Of all bytes.</summary>
    public const string FullObject = "FULL_OBJECT";

    /// <summary>Of the parts' checksums.</summary>
    public const string Composite = "COMPOSITE";
}

/// <summary>One part of a finished multipart upload.</summary>
internal sealed record PartInfo(int Number, long Size, string? Checksum);

/// <summary>How the bytes are encrypted.</summary>
/// <param name="Kind">AES256, aws:kms or SSE-C.</param>
/// <param name="Key">The data key, sealed; for SSE-C what the client's key must hash to.</param>
/// <param name="KmsKey">The key's name for aws:kms.</param>
internal sealed record Encryption(string Kind, string Key, string? KmsKey)
{
    public const string S3 = "AES256";
    public const string Kms = "aws:kms";
    public const string Customer = "SSE-C";

    /// <summary>The client's encryption context, base64; only stored.</summary>
    public string? Context { get; init; }

    public bool BucketKey { get; init; }
}
