using System.Buffers.Binary;

namespace Ciel.Services.ObjectStorage.Body;

/// <summary>A reflected CRC of 32 or 64 bits, eight bytes at a step ("slicing by eight").</summary>
internal sealed class Crc
{
    public static readonly Crc Crc32 = new(0xEDB88320, uint.MaxValue);
    public static readonly Crc Crc32C = new(0x82F63B78, uint.MaxValue);
    public static readonly Crc Crc64Nvme = new(0x9A6C9329AC4BC9B5, ulong.MaxValue);

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
    }

    public ulong Start => _mask;

    public ulong Finish(ulong state) => state ^ _mask;

    public ulong Append(ulong state, ReadOnlySpan<byte> bytes)
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
