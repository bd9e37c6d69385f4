using System.Buffers.Binary;
using System.Security.Cryptography;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Body;

/// <summary>The checksums of S3 ("Checking object integrity"): one over bytes as they pass.</summary>
internal abstract class Checksum : IDisposable
{
    public const string Default = "CRC64NVME";

    public static readonly IReadOnlyList<string> Names = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];

    public static bool IsCrc(string name) => name.StartsWith("CRC", StringComparison.Ordinal);

    /// <summary>The name as it is kept, upper case.</summary>
    /// <exception cref="S3Fault">400 for what is no algorithm's.</exception>
    public static string Known(string name) => Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw Faults.InvalidRequest($"Checksum algorithm provided is unsupported. Please try again with any of the valid types: [{string.Join(", ", Names)}]");

    /// <summary>The algorithm of that name, upper case; null where there is none.</summary>
    public static Checksum? New(string name) => name switch
    {
        "CRC32" => new CrcChecksum(Crc.Crc32, 4),
        "CRC32C" => new CrcChecksum(Crc.Crc32C, 4),
        "CRC64NVME" => new CrcChecksum(Crc.Crc64Nvme, 8),
        "SHA1" => new HashChecksum(HashAlgorithmName.SHA1),
        "SHA256" => new HashChecksum(HashAlgorithmName.SHA256),
        _ => null,
    };

    /// <summary>The header and trailer that bears it.</summary>
    public static string Header(string name) => "x-amz-checksum-" + name.ToLowerInvariant();

    public abstract void Append(ReadOnlySpan<byte> bytes);

    public abstract byte[] Finish();

    public virtual void Dispose() => GC.SuppressFinalize(this);

    private sealed class CrcChecksum(Crc crc, int size) : Checksum
    {
        private ulong _state = crc.Start;

        public override void Append(ReadOnlySpan<byte> bytes) => _state = crc.Append(_state, bytes);

        public override byte[] Finish()
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, crc.Finish(_state));
            return bytes[^size..];
        }
    }

    private sealed class HashChecksum(HashAlgorithmName name) : Checksum
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

        public override byte[] Finish() => _hash.GetHashAndReset();

        public override void Dispose()
        {
            _hash.Dispose();
            base.Dispose();
        }
    }
}
