using System.Security.Cryptography;

namespace Ciel.Services.ObjectStorage.Body;

/// <summary>Bytes that are hashed as they pass: MD5 for the ETag, and one checksum.</summary>
internal class HashedStream(Stream inner, string algorithm) : ReadOnlyStream
{
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly Checksum _checksum = Checksum.New(algorithm)!;
    private bool _ended;

    public long Size { get; private set; }

    /// <summary>16 bytes, at the end.</summary>
    public byte[] Md5 { get; private set; } = [];

    public string Algorithm => algorithm;

    /// <summary>Base64, at the end.</summary>
    public string ChecksumValue { get; private set; } = "";

    /// <summary>The MD5 as S3's ETag.</summary>
    public string Etag => Convert.ToHexStringLower(Md5);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended || buffer.Length == 0)
        {
            return 0;
        }

        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (read == 0)
        {
            _ended = true;
            Md5 = _md5.GetHashAndReset();
            ChecksumValue = Convert.ToBase64String(_checksum.Finish());
            Ended();
            return 0;
        }

        Size += read;
        _md5.AppendData(buffer.Span[..read]);
        _checksum.Append(buffer.Span[..read]);
        Passed(buffer.Span[..read]);
        return read;
    }

    /// <summary>A piece went by.</summary>
    protected virtual void Passed(ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>Everything went by; throws where it is not what was promised.</summary>
    protected virtual void Ended()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _md5.Dispose();
            _checksum.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
