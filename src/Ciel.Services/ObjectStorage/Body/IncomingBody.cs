using System.Security.Cryptography;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Body;

/// <summary>
/// The bytes that a client sends, out of their framing. At the end everything that the client said of them is compared; what differs
/// throws there, so that nothing wrong is ever kept.
/// </summary>
internal sealed class IncomingBody : HashedStream
{
    private readonly Dictionary<string, string> _trailers;
    private readonly Expected _expected;
    private readonly bool _trailed;
    private readonly IncrementalHash? _sha256;

    // What the client declares, where it is another than the one that is kept.
    private readonly Checksum? _declared;

    private IncomingBody(Stream framed, Dictionary<string, string> trailers, Expected expected, bool trailed, string algorithm)
        : base(framed, algorithm)
    {
        (_trailers, _expected, _trailed) = (trailers, expected, trailed);
        _sha256 = expected.Sha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _declared = expected.Algorithm is { } declared && declared != algorithm ? Checksum.New(declared) : null;
    }

    /// <summary>How many bytes the client said would come; null where it did not.</summary>
    public long? Announced => _expected.Length;

    /// <summary>The checksum that the client declared, upper case; null where it declared none.</summary>
    public string? Declared => _expected.Algorithm;

    /// <summary>The body of an operation, as the call declares it.</summary>
    /// <param name="call">The request.</param>
    /// <param name="algorithm">The checksum to keep; null for the one that the client declares, else S3's default.</param>
    public static IncomingBody Of(S3Call call, string? algorithm = null) => Of(call, call.Http.Request.Body, Expected.Of(call), algorithm);

    public static IncomingBody Of(S3Call call, Stream body, Expected expected, string? algorithm = null)
    {
        var trailers = new Dictionary<string, string>();
        return new IncomingBody(
            call.Seal.Chunked ? new AwsChunkedStream(body, call.Seal, trailers) : body, trailers, expected, call.Seal.Trailer, algorithm ?? expected.Algorithm ?? Checksum.Default);
    }

    protected override void Passed(ReadOnlySpan<byte> bytes)
    {
        _sha256?.AppendData(bytes);
        _declared?.Append(bytes);
        if (Size > _expected.Length)
        {
            throw Incomplete();
        }
    }

    protected override void Ended()
    {
        if (_expected.Length is { } length && length != Size)
        {
            throw Incomplete();
        }

        if (_sha256 is not null && Convert.ToHexStringLower(_sha256.GetHashAndReset()) is var sha256 && sha256 != _expected.Sha256)
        {
            throw new S3Fault(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
            {
                Extra = [("ClientComputedContentSHA256", _expected.Sha256!), ("S3ComputedContentSHA256", sha256)],
            };
        }

        if (_expected.Md5 is { } md5 && !md5.AsSpan().SequenceEqual(Md5))
        {
            throw new S3Fault(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
            {
                Extra = [("ExpectedDigest", Convert.ToHexStringLower(md5)), ("CalculatedDigest", Etag)],
            };
        }

        if (_expected is { Algorithm: { } due, Value: null } && _trailed && !_trailers.ContainsKey(Checksum.Header(due)))
        {
            throw new S3Fault(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.");
        }

        if (_expected.Algorithm is { } name && (_expected.Value ?? _trailers.GetValueOrDefault(Checksum.Header(name))) is { } value
            && value != (_declared is null ? ChecksumValue : Convert.ToBase64String(_declared.Finish())))
        {
            throw new S3Fault(400, "BadDigest", $"The {name} you specified did not match the calculated checksum.");
        }
    }

    protected override void Dispose(bool disposing)
    {
        _sha256?.Dispose();
        _declared?.Dispose();
        base.Dispose(disposing);
    }

    private static S3Fault Incomplete() => new(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
}
