using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using Ciel.Core.Errors;

namespace Ciel.Services.Images.Formats;

/// <summary>
/// A VMDK's descriptor names the files that hold its data, by any path; who converts it later would read them. Only the kinds that
/// hold all data in themselves are taken (VMware Virtual Disk Format 1.1, "The Descriptor File").
/// </summary>
internal static partial class VmdkExtents
{
    private const ulong Sector = 512;
    private static readonly string[] Inside = ["monolithicSparse", "streamOptimized"];

    /// <exception cref="Fault">400: data lies in other files, or it cannot be told.</exception>
    public static void RequireInside(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("KDMV"u8))
        {
            throw Refused();
        }

        var kinds = Kind().Matches(Encoding.Latin1.GetString(Embedded(head))).Select(m => m.Groups[1].Value);
        if (kinds.Any(k => !Inside.Contains(k)))
        {
            throw Refused();
        }
    }

    // A descriptor that lies further away than anybody puts it is not looked for, and so not trusted.
    private static ReadOnlySpan<byte> Embedded(ReadOnlySpan<byte> head)
    {
        if (head.Length < 44)
        {
            throw Refused();
        }

        var at = BinaryPrimitives.ReadUInt64LittleEndian(head[28..]);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(head[36..]);
        if (at == 0)
        {
            return [];
        }

        var sectors = (ulong)head.Length / Sector;
        return at < sectors && size <= sectors - at ? head.Slice((int)(at * Sector), (int)(size * Sector)) : throw Refused();
    }

    private static Fault Refused() => Fault.BadRequest("This vmdk file cannot be taken: its data lies in other files. Make it one file with: qemu-img convert -O qcow2.");

    // Wherever it stands: a line that only some readers take for a comment may not hide another.
    [GeneratedRegex("createType\\s*=\\s*\"?([^\"\\s]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Kind();
}
