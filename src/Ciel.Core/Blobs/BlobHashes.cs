using System.Security.Cryptography;

namespace Ciel.Core.Blobs;

/// <summary>All hashes that are wanted of one pass over the bytes.</summary>
internal sealed class BlobHashes(BlobIntake intake) : IDisposable
{
    private readonly IncrementalHash? _sha512 = Make(intake.Digests, HashAlgorithmName.SHA512);
    private readonly IncrementalHash? _md5 = Make(intake.Digests, HashAlgorithmName.MD5);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _sha512?.AppendData(bytes);
        _md5?.AppendData(bytes);
    }

    public BlobRef Finish(string id, long size) => new(id, size, Hex(_sha512), Hex(_md5));

    public void Dispose()
    {
        _sha512?.Dispose();
        _md5?.Dispose();
    }

    private static IncrementalHash? Make(bool wanted, HashAlgorithmName name) => wanted ? IncrementalHash.CreateHash(name) : null;

    private static string? Hex(IncrementalHash? hash) => hash is null ? null : Convert.ToHexStringLower(hash.GetHashAndReset());
}
