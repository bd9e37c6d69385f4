using System.Buffers.Binary;

namespace Ciel.Services.Images.Formats;

/// <summary>The size of the disk inside formats that tell it at a fixed place. Only shown, never trusted.</summary>
internal static class VirtualSizes
{
    private const int Sector = 512;

    public static long? Of(DiskFormat format, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail) => Sane(format switch
    {
        DiskFormat.Vmdk when head.StartsWith("KDMV"u8) && head.Length >= 20 => Times(BinaryPrimitives.ReadUInt64LittleEndian(head[12..]), Sector),
        DiskFormat.Vdi when head.Length >= 0x178 => BinaryPrimitives.ReadUInt64LittleEndian(head[0x170..]),
        DiskFormat.Vhd when tail.StartsWith("conectix"u8) && tail.Length >= 56 => BinaryPrimitives.ReadUInt64BigEndian(tail[48..]),
        _ => null,
    });

    private static ulong? Times(ulong value, ulong factor) => value > ulong.MaxValue / factor ? null : value * factor;

    private static long? Sane(ulong? size) => size <= long.MaxValue ? (long)size : null;
}
