using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Multipart;

/// <summary>ETag and checksum of an object from those of its parts.</summary>
internal static class PartChecksums
{
#pragma warning disable CA5351 // S3 defines the ETag so.
    /// <summary>The MD5 of the parts' MD5s, and how many they are.</summary>
    public static string Etag(IReadOnlyList<PartRow> parts) =>
        Convert.ToHexStringLower(MD5.HashData([.. parts.SelectMany(p => Convert.FromHexString(p.Etag))])) + "-" + parts.Count.ToString(CultureInfo.InvariantCulture);
#pragma warning restore CA5351

    public static ObjectChecksum Of(IReadOnlyList<PartRow> parts, string algorithm, string type) => type == ObjectChecksum.Composite
        ? new ObjectChecksum(algorithm, $"{Composite(parts, algorithm)}-{parts.Count}", type)
        : new ObjectChecksum(algorithm, Full(parts, algorithm), type);

    private static string Composite(IReadOnlyList<PartRow> parts, string algorithm)
    {
        using var checksum = Checksum.New(algorithm)!;
        foreach (var part in parts)
        {
            checksum.Append(Convert.FromBase64String(part.Checksum!));
        }

        return Convert.ToBase64String(checksum.Finish());
    }

    private static string Full(IReadOnlyList<PartRow> parts, string algorithm)
    {
        var (crc, size) = algorithm switch { "CRC32" => (Crc.Crc32, 4), "CRC32C" => (Crc.Crc32C, 4), _ => (Crc.Crc64Nvme, 8) };
        var sum = Value(parts[0]);
        foreach (var part in parts.Skip(1))
        {
            sum = crc.Combine(sum, Value(part), part.Size);
        }

        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, sum);
        return Convert.ToBase64String(bytes[^size..]);
    }

    private static ulong Value(PartRow part) => Convert.FromBase64String(part.Checksum!).Aggregate(0UL, (value, b) => (value << 8) | b);
}
