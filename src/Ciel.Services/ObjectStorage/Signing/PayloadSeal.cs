namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>How a request's body is signed, from <c>x-amz-content-sha256</c>.</summary>
internal sealed record PayloadSeal
{
    public const string Unsigned = "UNSIGNED-PAYLOAD";
    public const string SignedChunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    public const string SignedChunksTrailer = SignedChunks + "-TRAILER";
    public const string UnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    public static readonly PayloadSeal None = new();

    /// <summary>The body's SHA-256 in hex; null where it is not signed as a whole.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether the body comes in chunks of AWS's own framing.</summary>
    public bool Chunked { get; init; }

    /// <summary>Signs the chunks; null where they are not signed.</summary>
    public ChunkSigner? Signer { get; init; }

    public bool Trailer { get; init; }

    public static PayloadSeal Of(string? word, ChunkSigner? signer) => word switch
    {
        null or Unsigned => None,
        SignedChunks => new() { Chunked = true, Signer = signer },
        SignedChunksTrailer => new() { Chunked = true, Signer = signer, Trailer = true },
        UnsignedTrailer => new() { Chunked = true, Trailer = true },
        { Length: 64 } => new() { Sha256 = word.ToLowerInvariant() },
        _ => throw Door.Faults.InvalidArgument("x-amz-content-sha256", word, "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING value, or a valid sha256 value."),
    };
}
