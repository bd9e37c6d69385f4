using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ciel.Tests.Images;

/// <summary>Small disk files, made by hand.</summary>
internal static class Samples
{
    public const int Cluster = 65536;

    public static byte[] Raw(int size = 4096, int seed = 1)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>An empty qcow2 of version 3 with one L1 table and one refcount table.</summary>
    public static byte[] Qcow2(long virtualSize = 1L << 30, Action<byte[]>? change = null)
    {
        var file = new byte[4 * Cluster];
        "QFI"u8.CopyTo(file);
        file[3] = 0xfb;
        U32(file, 4, 3);
        U32(file, 20, 16);
        U64(file, 24, (ulong)virtualSize);
        U32(file, 36, (uint)((virtualSize + (1L << 29) - 1) >> 29));
        U64(file, 40, 3 * Cluster);
        U64(file, 48, Cluster);
        U32(file, 56, 1);
        U32(file, 96, 4);
        U32(file, 100, 104);
        U64(file, Cluster, 2 * Cluster);
        change?.Invoke(file);
        return file;
    }

    public static byte[] Iso()
    {
        var file = new byte[Cluster];
        "CD001"u8.CopyTo(file.AsSpan(0x8001));
        return file;
    }

    public static byte[] Starting(ReadOnlySpan<byte> magic, int at = 0, int size = 8192)
    {
        var file = new byte[size];
        magic.CopyTo(file.AsSpan(at));
        return file;
    }

    public static string Md5(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static void U32(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), value);

    public static void U64(byte[] file, int at, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(at), value);
}
