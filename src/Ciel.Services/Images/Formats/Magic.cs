namespace Ciel.Services.Images.Formats;

/// <summary>Recognises formats by the numbers at their fixed places; never tries anything.</summary>
internal static class Magic
{
    /// <summary>So much of the beginning must be known: an ISO says what it is behind 32 KiB.</summary>
    public const int Head = 64 * 1024;

    /// <summary>So much of the end: a fixed VHD says what it is only there.</summary>
    public const int Tail = 512;

    public static DiskFormat Of(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail) =>
        At(head, 0, [0x51, 0x46, 0x49, 0xfb]) ? DiskFormat.Qcow2
        : head.StartsWith("KDMV"u8) || head.StartsWith("COWD"u8) || head.StartsWith("# Disk DescriptorFile"u8) ? DiskFormat.Vmdk
        : At(head, 0x40, [0x7f, 0x10, 0xda, 0xbe]) ? DiskFormat.Vdi
        : head.StartsWith("vhdxfile"u8) ? DiskFormat.Vhdx
        : head.StartsWith("conectix"u8) || tail.StartsWith("conectix"u8) ? DiskFormat.Vhd
        : head.StartsWith("QED\0"u8) ? DiskFormat.Qed
        : head.StartsWith("LUKS"u8) && At(head, 4, [0xba, 0xbe]) ? DiskFormat.Luks
        : At(head, 0x8001, "CD001"u8) ? DiskFormat.Iso
        : DiskFormat.Raw;

    private static bool At(ReadOnlySpan<byte> head, int offset, ReadOnlySpan<byte> magic) =>
        head.Length >= offset + magic.Length && head.Slice(offset, magic.Length).SequenceEqual(magic);
}
