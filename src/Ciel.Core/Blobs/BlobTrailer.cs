using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Ciel.Core.Blobs;

/// <summary>
/// What stands in a blob's file behind its bytes: one checksum for each block, 4 bytes little-endian, then 32 bytes that say whose
/// file this is and how long. The bytes themselves begin at offset 0 and are as they came.
/// </summary>
/// <param name="Id">The blob's id, so that a file under a wrong name is seen.</param>
/// <param name="Size">Bytes of the blob.</param>
internal readonly record struct BlobTrailer(Guid Id, long Size)
{
    /// <summary>Bytes that share one checksum.</summary>
    public const int Block = 64 * 1024;

    /// <summary>Bytes of one checksum.</summary>
    public const int SumSize = sizeof(uint);

    /// <summary>Bytes of the trailer without its checksums.</summary>
    public const int FootSize = 32;

    // "CBL1": a blob of Ciel, first version of this shape.
    private const uint Magic = 0x314c4243;

    /// <summary>How many blocks a blob has.</summary>
    public static long Blocks(long size) => (size + Block - 1) / Block;

    /// <summary>How long a blob's file is.</summary>
    public static long FileSize(long size) => size + (Blocks(size) * SumSize) + FootSize;

    /// <summary>
    /// A block's checksum: the CRC-32C of three CRC-32Cs (RFC 3720, 12.1), of three equal lengths of the block in whole words, the rest
    /// being the last one's. Processors have a CRC in flight for three cycles: three at once cost what one does.
    /// </summary>
    public static uint Sum(ReadOnlySpan<byte> block)
    {
        var third = block.Length / 3 / sizeof(ulong);
        var words = MemoryMarshal.Cast<byte, ulong>(block);
        var first = words[..third];
        var second = words.Slice(third, third);
        var last = words.Slice(2 * third, third);
        var (a, b, c) = (uint.MaxValue, uint.MaxValue, uint.MaxValue);
        for (var i = 0; i < first.Length; i++)
        {
            a = BitOperations.Crc32C(a, first[i]);
            b = BitOperations.Crc32C(b, second[i]);
            c = BitOperations.Crc32C(c, last[i]);
        }

        foreach (var rest in block[(3 * third * sizeof(ulong))..])
        {
            c = BitOperations.Crc32C(c, rest);
        }

        return ~BitOperations.Crc32C(BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, ~a), ~b), ~c);
    }

    /// <summary>Writes the foot.</summary>
    public void Write(Span<byte> foot)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(foot, Magic);
        Id.TryWriteBytes(foot[4..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(foot[20..], Size);
        BinaryPrimitives.WriteUInt32LittleEndian(foot[28..], Sum(foot[..28]));
    }

    /// <summary>Reads a foot; null where it is none.</summary>
    public static BlobTrailer? Read(ReadOnlySpan<byte> foot) =>
        BinaryPrimitives.ReadUInt32LittleEndian(foot) == Magic && BinaryPrimitives.ReadUInt32LittleEndian(foot[28..]) == Sum(foot[..28])
            ? new BlobTrailer(new Guid(foot.Slice(4, 16), bigEndian: true), BinaryPrimitives.ReadInt64LittleEndian(foot[20..]))
            : null;
}
