using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ciel.Services.ObjectStorage.Body;

/// <summary>
/// A reflected CRC of 32 or 64 bits: 64 bytes at a step by carry-less multiplication ("folding", Gopal et al., Intel 2009) where the processor
/// has it, else eight ("slicing by eight").
/// </summary>
internal sealed class Crc
{
    public static readonly Crc Crc32 = new(0xEDB88320, uint.MaxValue);
    public static readonly Crc Crc32C = new(0x82F63B78, uint.MaxValue);
    public static readonly Crc Crc64Nvme = new(0x9A6C9329AC4BC9B5, ulong.MaxValue);

    private const int LeastToFold = 128;
    private readonly Vector128<ulong> _past128;
    private readonly Vector128<ulong> _past512;
    private readonly ulong _mask;
    private readonly ulong _polynomial;
    private readonly ulong[][] _tables = new ulong[8][];

    private Crc(ulong polynomial, ulong mask)
    {
        (_mask, _polynomial) = (mask, polynomial);
        _tables[0] = new ulong[256];
        for (var i = 0; i < 256; i++)
        {
            _tables[0][i] = Enumerable.Range(0, 8).Aggregate((ulong)i, (value, _) => Shift(value));
        }

        for (var t = 1; t < 8; t++)
        {
            _tables[t] = [.. _tables[t - 1].Select(value => (value >> 8) ^ _tables[0][(byte)value])];
        }

        // A block is moved so many bits ahead by multiplying its halves; a product of reflected halves is one bit ahead by itself.
        (_past128, _past512) = (Vector128.Create(Power(191), Power(127)), Vector128.Create(Power(575), Power(511)));
    }

    public ulong Start => _mask;

    public ulong Finish(ulong state) => state ^ _mask;

    public ulong Append(ulong state, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < LeastToFold || !Pclmulqdq.IsSupported)
        {
            return Step(state, bytes);
        }

        Span<byte> rest = stackalloc byte[Vector128<byte>.Count];
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        Fold(blocks, state).AsByte().CopyTo(rest);
        return Step(Step(0, rest), bytes[(blocks.Length * rest.Length)..]);
    }

    /// <summary>The last 16 bytes that all of the blocks together are worth.</summary>
    private Vector128<ulong> Fold(ReadOnlySpan<Vector128<ulong>> blocks, ulong state)
    {
        var (a, b, c, d) = (blocks[0] ^ Vector128.CreateScalar(state), blocks[1], blocks[2], blocks[3]);
        for (blocks = blocks[4..]; blocks.Length >= 4; blocks = blocks[4..])
        {
            a = Ahead(a, _past512) ^ blocks[0];
            b = Ahead(b, _past512) ^ blocks[1];
            c = Ahead(c, _past512) ^ blocks[2];
            d = Ahead(d, _past512) ^ blocks[3];
        }

        var all = Ahead(Ahead(Ahead(a, _past128) ^ b, _past128) ^ c, _past128) ^ d;
        foreach (var block in blocks)
        {
            all = Ahead(all, _past128) ^ block;
        }

        return all;
    }

    private static Vector128<ulong> Ahead(Vector128<ulong> block, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(block, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, by, 0x11);

    /// <summary>A power of x, reduced, in the upper bits of a word.</summary>
    private ulong Power(int exponent)
    {
        var bits = _mask == uint.MaxValue ? 32 : 64;
        return Enumerable.Range(0, exponent).Aggregate(1UL << (bits - 1), (value, _) => Shift(value)) << (64 - bits);
    }

    private ulong Step(ulong state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            var x = state ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            state = _tables[7][(byte)x] ^ _tables[6][(byte)(x >> 8)] ^ _tables[5][(byte)(x >> 16)] ^ _tables[4][(byte)(x >> 24)]
                ^ _tables[3][(byte)(x >> 32)] ^ _tables[2][(byte)(x >> 40)] ^ _tables[1][(byte)(x >> 48)] ^ _tables[0][(byte)(x >> 56)];
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            state = (state >> 8) ^ _tables[0][(byte)(state ^ b)];
        }

        return state;
    }

    /// <summary>The CRC of two pieces one after the other, from theirs and the second's length: what full-object checksums of multipart need.</summary>
    public ulong Combine(ulong first, ulong second, long secondLength)
    {
        // Appending a zero byte is linear over GF(2): its power for the length by repeated squaring.
        var bits = _mask == uint.MaxValue ? 32 : 64;
        var step = Enumerable.Range(0, bits).Select(bit => ZeroByte(1UL << bit)).ToArray();
        for (var n = secondLength; n > 0; n >>= 1)
        {
            if ((n & 1) == 1)
            {
                first = Times(step, first);
            }

            step = [.. step.Select(column => Times(step, column))];
        }

        return first ^ second;
    }

    private ulong ZeroByte(ulong value) => (value >> 8) ^ _tables[0][(byte)value];

    private static ulong Times(ulong[] matrix, ulong vector)
    {
        var sum = 0UL;
        for (var i = 0; vector != 0; i++, vector >>= 1)
        {
            sum ^= (vector & 1) == 1 ? matrix[i] : 0;
        }

        return sum;
    }

    private ulong Shift(ulong value) => (value & 1) == 1 ? (value >> 1) ^ _polynomial : value >> 1;
}
