using System.Buffers.Binary;
using Ciel.Core.Errors;

namespace Ciel.Services.Images.Formats;

/// <summary>
/// The header of a qcow2 file (QEMU's docs/interop/qcow2.rst), versions 2 and 3. What points outside the file, needs a key, or is unknown
/// is refused: a node opens the file with the rights to other files of its own.
/// </summary>
/// <param name="VirtualSize">Bytes that the guest sees.</param>
/// <param name="Needed">Where the file must at least reach to hold the tables that the header names.</param>
internal sealed record Qcow2Header(long VirtualSize, long Needed)
{
    private const int SizeV2 = 72;
    private const int SizeV3 = 104;
    private const long Largest = 64L << 40;
    private const long LargestL1 = 32L << 20;
    private const long LargestRefcounts = 8L << 20;
    private const int MostSnapshots = 65536;

    // Bits of incompatible_features.
    private const ulong Dirty = 1 << 0;
    private const ulong Corrupt = 1 << 1;
    private const ulong ExternalData = 1 << 2;
    private const ulong Compression = 1 << 3;
    private const ulong ExtendedL2 = 1 << 4;

    /// <summary>Reads and judges the header.</summary>
    /// <exception cref="Fault">400.</exception>
    public static Qcow2Header Parse(ReadOnlySpan<byte> head)
    {
        if (head.Length < SizeV2)
        {
            throw Bad("its header is cut off");
        }

        var version = U32(head, 4);
        if (version is not (2 or 3))
        {
            throw Bad($"version {version} is not known");
        }

        if (U64(head, 8) != 0 || U32(head, 16) != 0)
        {
            throw Bad("it has a backing file. Flatten it with: qemu-img convert -O qcow2");
        }

        if (U32(head, 32) != 0)
        {
            throw Bad("it is encrypted");
        }

        var clusterBits = (int)Math.Min(U32(head, 20), int.MaxValue);
        if (clusterBits is < 9 or > 21)
        {
            throw Bad("its cluster size is out of range");
        }

        var features = version == 3 ? CheckV3(head, clusterBits) : 0;
        CheckExtensions(head, version == 3 ? U32(head, 100) : SizeV2, 1L << clusterBits);
        return CheckTables(head, clusterBits, (features & ExtendedL2) != 0);
    }

    /// <summary>Refuses a file that ends before its tables do.</summary>
    public void CheckLength(long size)
    {
        if (size < Needed)
        {
            throw Bad("it is cut off: its tables lie beyond its end");
        }
    }

    private static ulong CheckV3(ReadOnlySpan<byte> head, int clusterBits)
    {
        if (head.Length < SizeV3)
        {
            throw Bad("its header is cut off");
        }

        var features = U64(head, 72);
        var headerSize = U32(head, 100);
        if ((features & Corrupt) != 0)
        {
            throw Bad("it is marked as corrupt. Repair it with: qemu-img check -r all");
        }

        if ((features & ExternalData) != 0)
        {
            throw Bad("its data lies in another file. Flatten it with: qemu-img convert -O qcow2");
        }

        if ((features & ~(Dirty | Compression | ExtendedL2)) != 0)
        {
            throw Bad("it needs a feature that is not known");
        }

        if (headerSize < SizeV3 || headerSize % 8 != 0 || headerSize > 1L << clusterBits)
        {
            throw Bad("its header's length is out of range");
        }

        if ((features & Compression) != 0 && (headerSize <= SizeV3 || head.Length <= SizeV3 || head[SizeV3] > 1))
        {
            throw Bad("its compression is not known");
        }

        return U32(head, 96) <= 6 ? features : throw Bad("its reference counts are too wide");
    }

    // Extensions follow the header within the first cluster; the end mark or the cluster's end closes them.
    private static void CheckExtensions(ReadOnlySpan<byte> head, long at, long cluster)
    {
        const uint end = 0, dataFile = 0x44415441, crypto = 0x0537be77;
        for (var limit = Math.Min(cluster, head.Length); at + 8 <= limit;)
        {
            var kind = U32(head, (int)at);
            var length = U32(head, (int)at + 4);
            if (kind == end)
            {
                return;
            }

            if (kind is dataFile or crypto)
            {
                throw Bad(kind == crypto ? "it is encrypted" : "its data lies in another file. Flatten it with: qemu-img convert -O qcow2");
            }

            at += 8 + ((length + 7L) & ~7L);
            if (at > cluster)
            {
                throw Bad("its header's extensions are out of range");
            }
        }
    }

    private static Qcow2Header CheckTables(ReadOnlySpan<byte> head, int clusterBits, bool extendedL2)
    {
        var cluster = 1L << clusterBits;
        var size = U64(head, 24);
        var entries = U32(head, 36);
        var snapshots = U32(head, 60);
        if (size > (ulong)Largest)
        {
            throw Bad($"its disk of {size} bytes is larger than the {Largest} bytes that may be");
        }

        var coveredByEntry = cluster * (cluster / (extendedL2 ? 16 : 8));
        if (entries * 8L > LargestL1 || entries < ((long)size + coveredByEntry - 1) / coveredByEntry)
        {
            throw Bad("its tables do not fit its size");
        }

        if (snapshots > MostSnapshots || U32(head, 56) * cluster > LargestRefcounts)
        {
            throw Bad("its tables are too large");
        }

        var needed = new[]
        {
            End(U64(head, 40), entries * 8L, cluster),
            End(U64(head, 48), U32(head, 56) * cluster, cluster),
            snapshots == 0 ? 0 : End(U64(head, 64), snapshots * 40L, cluster),
        }.Max();
        return new Qcow2Header((long)size, needed);
    }

    private static long End(ulong offset, long length, long cluster) =>
        length == 0 ? 0
        : offset < (ulong)cluster || offset % (ulong)cluster != 0 || offset > (ulong)Largest ? throw Bad("its tables lie where none can be")
        : (long)offset + length;

    private static uint U32(ReadOnlySpan<byte> head, int at) => BinaryPrimitives.ReadUInt32BigEndian(head[at..]);

    private static ulong U64(ReadOnlySpan<byte> head, int at) => BinaryPrimitives.ReadUInt64BigEndian(head[at..]);

    private static Fault Bad(string why) => Fault.BadRequest($"This qcow2 file cannot be taken: {why}.");
}
