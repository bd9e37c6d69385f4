using System.Buffers.Binary;
using System.Text;

namespace Ciel.Services.Billing.Documents.Pdf;

/// <summary>A TrueType font (ISO/IEC 14496-22) as far as text of one line needs it: glyphs by character, their widths, the tables.</summary>
internal sealed class TrueType
{
    private readonly byte[] _file;
    private readonly Dictionary<string, (int Offset, int Length)> _tables = [];
    private readonly Dictionary<int, int> _glyphs = [];

    /// <param name="name">Its PostScript name.</param>
    /// <param name="file">The font's bytes.</param>
    public TrueType(string name, byte[] file)
    {
        (Name, _file) = (name, file);
        for (var i = 0; i < U16(4); i++)
        {
            var entry = 12 + (16 * i);
            _tables[Encoding.ASCII.GetString(file, entry, 4)] = ((int)U32(entry + 8), (int)U32(entry + 12));
        }

        ReadCharacters();
    }

    public string Name { get; }

    /// <summary>How many glyphs there are.</summary>
    public int Count => U16(At("maxp") + 4);

    /// <summary>The box that holds every glyph, thousandths of an em.</summary>
    public IReadOnlyList<int> Box => [.. Enumerable.Range(0, 4).Select(i => Scaled(S16(At("head") + 36 + (2 * i))))];

    /// <summary>Above the line, thousandths of an em.</summary>
    public int Ascent => Scaled(S16(At("hhea") + 4));

    /// <summary>Below the line, thousandths of an em, negative.</summary>
    public int Descent => Scaled(S16(At("hhea") + 6));

    /// <summary>The glyph of a character; 0 where the font has none.</summary>
    public int Glyph(Rune character) => _glyphs.GetValueOrDefault(character.Value);

    /// <summary>How far a glyph moves on, thousandths of an em.</summary>
    public int Width(int glyph) => Scaled(U16(At("hmtx") + (4 * Math.Min(glyph, U16(At("hhea") + 34) - 1))));

    /// <summary>A table's bytes; none where the font has no such table.</summary>
    public ReadOnlySpan<byte> Table(string tag) => _tables.TryGetValue(tag, out var at) ? _file.AsSpan(at.Offset, at.Length) : [];

    /// <summary>A glyph's outline; empty for a blank.</summary>
    public ReadOnlySpan<byte> Outline(int glyph)
    {
        var (loca, isLong) = (At("loca"), U16(At("head") + 50) == 1);
        int Start(int g) => isLong ? (int)U32(loca + (4 * g)) : 2 * U16(loca + (2 * g));
        return Table("glyf")[Start(glyph)..Start(glyph + 1)];
    }

    private int Scaled(int units) => (int)Math.Round(units * 1000.0 / U16(At("head") + 18), MidpointRounding.AwayFromZero);

    // The table of Unicode's basic plane: subtable format 4 of platform 3 (Windows), encoding 1.
    private void ReadCharacters()
    {
        var cmap = At("cmap");
        for (var i = 0; i < U16(cmap + 2); i++)
        {
            var entry = cmap + 4 + (8 * i);
            var table = cmap + (int)U32(entry + 4);
            if (U16(entry) == 3 && U16(entry + 2) == 1 && U16(table) == 4)
            {
                ReadSegments(table);
            }
        }
    }

    private void ReadSegments(int table)
    {
        var twice = U16(table + 6);
        for (var i = 0; i < twice; i += 2)
        {
            var (end, start) = (U16(table + 14 + i), U16(table + 16 + twice + i));
            var (delta, place) = (U16(table + 16 + (2 * twice) + i), table + 16 + (3 * twice) + i);
            for (int c = start; c <= end && c != 0xFFFF; c++)
            {
                var glyph = U16(place) == 0 ? c : U16(place + U16(place) + (2 * (c - start)));
                _glyphs[c] = glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
            }
        }
    }

    private int At(string tag) => _tables[tag].Offset;

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at));

    private short S16(int at) => BinaryPrimitives.ReadInt16BigEndian(_file.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(_file.AsSpan(at));
}
