using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Body;

/// <summary>What a client said of the body that it sends: length, hashes, checksum.</summary>
internal sealed record Expected
{
    public long? Length { get; init; }

    public string? Sha256 { get; init; }

    public byte[]? Md5 { get; init; }

    /// <summary>The checksum's name, upper case; null where none was sent.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Its value in base64; null where it comes as a trailer.</summary>
    public string? Value { get; init; }

    public static Expected Of(S3Call call)
    {
        var (algorithm, value) = Declared(call);
        return WithoutChecksum(call) with { Algorithm = algorithm, Value = value };
    }

    /// <summary>Of the file in an upload form, whose fields stand in the headers by now.</summary>
    public static Expected OfForm(S3Call call)
    {
        var (algorithm, value) = Declared(call);
        return new Expected { Algorithm = algorithm, Value = value };
    }

    /// <summary>Of a body whose headers speak of an object's checksum, not of the body's.</summary>
    public static Expected WithoutChecksum(S3Call call) => new()
    {
        Length = LengthOf(call),
        Sha256 = call.Seal.Sha256,
        Md5 = call.Header("Content-MD5") is { } md5 ? Md5Of(md5) : null,
    };

    private static long? LengthOf(S3Call call)
    {
        if (call.Seal.Chunked)
        {
            return long.TryParse(call.Header("x-amz-decoded-content-length"), out var decoded) && decoded >= 0
                ? decoded
                : throw new S3Fault(411, "MissingContentLength", "You must provide the x-amz-decoded-content-length HTTP header.");
        }

        return call.Http.Request.ContentLength;
    }

    private static byte[] Md5Of(string text)
    {
        Span<byte> bytes = stackalloc byte[16];
        return text.Length == 24 && Convert.TryFromBase64String(text, bytes, out var length) && length == 16
            ? bytes.ToArray()
            : throw new S3Fault(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
    }

    private static (string? Algorithm, string? Value) Declared(S3Call call)
    {
        var sent = Checksum.Names.Where(name => call.Header(Checksum.Header(name)) is not null).ToList();
        if (sent.Count > 1)
        {
            throw Faults.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }

        if (sent is [var only])
        {
            Agree(call, only);
            var value = call.Header(Checksum.Header(only))!;
            return IsValue(only, value) ? (only, value) : throw new S3Fault(400, "BadDigest", $"The {only} you specified is no such checksum.");
        }

        var trailer = call.Header("x-amz-trailer")?.Trim().ToLowerInvariant();
        var named = Checksum.Names.FirstOrDefault(name => Checksum.Header(name) == trailer);
        if (trailer is not null && named is null)
        {
            throw Faults.InvalidRequest("The value specified in the x-amz-trailer header is not supported");
        }

        Agree(call, named);
        return (named, null);
    }

    // What the SDK was told to compute must be what it sends.
    private static void Agree(S3Call call, string? sent)
    {
        if (call.Header("x-amz-sdk-checksum-algorithm") is { } told && !told.Equals(sent, StringComparison.OrdinalIgnoreCase))
        {
            throw Faults.InvalidRequest(sent is null
                ? "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."
                : "Value for x-amz-sdk-checksum-algorithm header is invalid.");
        }
    }

    public static bool IsValue(string algorithm, string text)
    {
        Span<byte> bytes = stackalloc byte[64];
        var size = algorithm switch { "CRC32" or "CRC32C" => 4, "CRC64NVME" => 8, "SHA1" => 20, _ => 32 };
        return text.Length <= 64 && Convert.TryFromBase64String(text, bytes, out var length) && length == size;
    }
}
