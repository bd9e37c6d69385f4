using System.Buffers.Binary;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>What the agent itself reads of an image's header, before a QEMU gets to see the image (QEMU's docs/interop/qcow2.txt).</summary>
internal static class Qcow2Header
{
    private const uint Magic = 0x514649fb;
    private const ulong ExternalData = 1 << 2;
    private const int Length = 104;

    /// <summary>The virtual size in bytes.</summary>
    /// <exception cref="InvalidDataException">It is no qcow2 image, or one that reaches for another file.</exception>
    public static long VirtualSize(Stream image)
    {
        var header = new byte[Length];
        if (image.ReadAtLeast(header, Length, throwOnEndOfStream: false) < 72 || BinaryPrimitives.ReadUInt32BigEndian(header) != Magic)
        {
            throw new InvalidDataException("the image is not qcow2");
        }

        var version = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        var incompatible = version >= 3 ? BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(72)) : 0;
        if (BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)) != 0 || (incompatible & ExternalData) != 0)
        {
            throw new InvalidDataException("the image refers to another file");
        }

        return BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(24));
    }
}
