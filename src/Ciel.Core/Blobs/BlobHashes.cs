using System.Security.Cryptography;

namespace Ciel.Core.Blobs;

/// <summary>All hashes of one pass over the bytes.</summary>
internal sealed class BlobHashes(bool sha256) : IDisposable
{
    private readonly IncrementalHash _sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly IncrementalHash? _sha256 = sha256 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _sha512.AppendData(bytes);
        _md5.AppendData(bytes);
        _sha256?.AppendData(bytes);
    }

    public BlobRef Finish(string id, long size) => new(id, size, Hex(_sha512), Hex(_md5), _sha256 is { } hash ? Hex(hash) : null);

    public void Dispose()
    {
        _sha512.Dispose();
        _md5.Dispose();
        _sha256?.Dispose();
    }

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
