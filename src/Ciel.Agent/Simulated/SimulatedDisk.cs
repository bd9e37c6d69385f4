using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Simulated;

/// <summary>An empty qcow2 (version 3, QEMU's docs/interop/qcow2.txt), so that what a simulated node hands in stands an inspection.</summary>
public static class SimulatedDisk
{
    private const int ClusterBits = 16;
    private const int Cluster = 1 << ClusterBits;

    /// <summary>Header, refcount table, refcount block and an empty L1 table, one cluster each; room for 4 TiB.</summary>
    public static byte[] Qcow2(int sizeGiB)
    {
        var size = (long)sizeGiB << 30;
        var disk = new byte[4 * Cluster];
        var header = disk.AsSpan(0, 104);
        BinaryPrimitives.WriteUInt32BigEndian(header, 0x514649fb);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], 3);
        BinaryPrimitives.WriteUInt32BigEndian(header[20..], ClusterBits);
        BinaryPrimitives.WriteInt64BigEndian(header[24..], size);
        BinaryPrimitives.WriteInt32BigEndian(header[36..], (int)((size + (1 << 29) - 1) >> 29));
        BinaryPrimitives.WriteInt64BigEndian(header[40..], 3 * Cluster);
        BinaryPrimitives.WriteInt64BigEndian(header[48..], Cluster);
        BinaryPrimitives.WriteInt32BigEndian(header[56..], 1);
        BinaryPrimitives.WriteInt32BigEndian(header[96..], 4);
        BinaryPrimitives.WriteInt32BigEndian(header[100..], 104);
        BinaryPrimitives.WriteInt64BigEndian(disk.AsSpan(Cluster), 2 * Cluster);
        for (var i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(disk.AsSpan((2 * Cluster) + (2 * i)), 1);
        }

        return disk;
    }

    internal static Dictionary<string, string> Facts(byte[] disk) => new()
    {
        [FactKeys.Size] = disk.Length.ToString(CultureInfo.InvariantCulture),
        [FactKeys.Sha512] = Convert.ToHexStringLower(SHA512.HashData(disk)),
    };
}
