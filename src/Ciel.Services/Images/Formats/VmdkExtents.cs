using System.Buffers.Binary;
using System.Text;
using Ciel.Core.Errors;

namespace Ciel.Services.Images.Formats;

/// <summary>
/// A VMDK's descriptor names the files that hold its data, by any path; who converts it later would read them. Only the kinds that
/// hold all data in themselves are taken (VMware Virtual Disk Format 1.1, "The Descriptor File").
/// </summary>
internal static class VmdkExtents
{
    private const int Sector = 512;
    private static readonly string[] Inside = ["monolithicSparse", "streamOptimized"];

    /// <exception cref="Fault">400: data lies in other files.</exception>
    public static void RequireInside(ReadOnlySpan<byte> head)
    {
        var text = head.StartsWith("KDMV"u8) ? Embedded(head) : head;
        var descriptor = Encoding.Latin1.GetString(text);
        if (head.StartsWith("# "u8) || (descriptor.Contains("createType", StringComparison.OrdinalIgnoreCase) && !Inside.Any(kind => descriptor.Contains($"createType=\"{kind}\"", StringComparison.Ordinal))))
        {
            throw Fault.BadRequest("This vmdk file cannot be taken: its data lies in other files. Make it one file with: qemu-img convert -O qcow2.");
        }
    }

    private static ReadOnlySpan<byte> Embedded(ReadOnlySpan<byte> head)
    {
        if (head.Length < 44)
        {
            return [];
        }

        var at = BinaryPrimitives.ReadUInt64LittleEndian(head[28..]);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(head[36..]);
        var first = (int)Math.Min(at, (ulong)head.Length / Sector) * Sector;
        return head.Slice(first, (int)Math.Min(Math.Min(size, (ulong)head.Length / Sector) * Sector, (ulong)(head.Length - first)));
    }
}
