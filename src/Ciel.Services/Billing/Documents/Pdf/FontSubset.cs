using System.Buffers.Binary;
using System.Text;

namespace Ciel.Services.Billing.Documents.Pdf;

/// <summary>A font with the outlines of some glyphs only. Glyphs keep their numbers, so that nothing else changes.</summary>
internal static class FontSubset
{
    private static readonly string[] Kept = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];

    public static byte[] Of(TrueType font, IEnumerable<int> glyphs)
    {
        var wanted = WithParts(font, glyphs);
        var (outlines, places) = (new MemoryStream(), new byte[4 * (font.Count + 1)]);
        for (var glyph = 0; glyph < font.Count; glyph++)
        {
            if (wanted.Contains(glyph))
            {
                outlines.Write(font.Outline(glyph));
                outlines.Write(new byte[-outlines.Length & 3]);
            }

            BinaryPrimitives.WriteUInt32BigEndian(places.AsSpan(4 * (glyph + 1)), (uint)outlines.Length);
        }

        var head = font.Table("head").ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), 0);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(50), 1);
        return Assemble([.. Kept.Select(tag => (tag, tag switch
        {
            "glyf" => outlines.ToArray(),
            "loca" => places,
            "head" => head,
            _ => font.Table(tag).ToArray(),
        })).Where(t => t.Item2.Length > 0)]);
    }

    // A composite glyph is drawn from others.
    private static HashSet<int> WithParts(TrueType font, IEnumerable<int> glyphs)
    {
        var (wanted, open) = (new HashSet<int>(), new Stack<int>(glyphs.Append(0)));
        while (open.TryPop(out var glyph))
        {
            var outline = font.Outline(glyph);
            if (!wanted.Add(glyph) || outline.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0)
            {
                continue;
            }

            for (int at = 10, flags = 0x20; (flags & 0x20) != 0; at += 4 + ((flags & 1) != 0 ? 4 : 2) + Transform(flags))
            {
                flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
                open.Push(BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]));
            }
        }

        return wanted;
    }

    private static int Transform(int flags) => (flags & 0x08) != 0 ? 2 : (flags & 0x40) != 0 ? 4 : (flags & 0x80) != 0 ? 8 : 0;

    private static byte[] Assemble(List<(string Tag, byte[] Bytes)> tables)
    {
        var power = 31 - int.LeadingZeroCount(tables.Count);
        var file = new byte[12 + (16 * tables.Count) + tables.Sum(t => (t.Bytes.Length + 3) & ~3)];
        BinaryPrimitives.WriteUInt32BigEndian(file, 0x00010000);
        ushort[] search = [(ushort)tables.Count, (ushort)(16 << power), (ushort)power, (ushort)((16 * tables.Count) - (16 << power))];
        for (var i = 0; i < search.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(4 + (2 * i)), search[i]);
        }

        var (entry, place) = (12, 12 + (16 * tables.Count));
        foreach (var (tag, bytes) in tables)
        {
            Encoding.ASCII.GetBytes(tag, file.AsSpan(entry));
            bytes.CopyTo(file.AsSpan(place));
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(entry + 4), Sum(file.AsSpan(place, (bytes.Length + 3) & ~3)));
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(entry + 8), (uint)place);
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(entry + 12), (uint)bytes.Length);
            (entry, place) = (entry + 16, place + ((bytes.Length + 3) & ~3));
        }

        return file;
    }

    private static uint Sum(ReadOnlySpan<byte> padded)
    {
        uint sum = 0;
        for (var i = 0; i < padded.Length; i += 4)
        {
            sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(padded[i..]));
        }

        return sum;
    }
}
