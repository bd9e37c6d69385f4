using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Services.Billing.Documents.Pdf;

/// <summary>A font in a file: remembers what was set in it, and is embedded with just those glyphs.</summary>
internal sealed class PdfFont(TrueType font)
{
    private readonly SortedDictionary<int, Rune> _used = [];

    /// <summary>Text as glyph numbers, hexadecimal. A character that the font has not becomes a question mark: PDF/A allows no blank box.</summary>
    public string Hex(string text)
    {
        var hex = new StringBuilder();
        foreach (var (rune, glyph) in Glyphs(text))
        {
            _used.TryAdd(glyph, rune);
            hex.Append(CultureInfo.InvariantCulture, $"{glyph:X4}");
        }

        return hex.ToString();
    }

    /// <summary>How wide a text is, points.</summary>
    public double Width(string text, double size) => Glyphs(text).Sum(g => font.Width(g.Glyph)) * size / 1000;

    /// <summary>Writes it.</summary>
    /// <returns>The font's object.</returns>
    public int Embed(PdfFile pdf)
    {
        var program = FontSubset.Of(font, _used.Keys);
        var name = $"{Tag(program)}+{font.Name}";
        var file = pdf.Stream($"/Length1 {program.Length}", program);
        var descriptor = pdf.Add(
            $"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{string.Join(' ', font.Box)}] /ItalicAngle 0 /Ascent {font.Ascent} " +
            $"/Descent {font.Descent} /CapHeight {font.Ascent} /StemV 80 /FontFile2 {file} 0 R >>");
        var widths = string.Join(' ', _used.Keys.Select(g => $"{g} [{font.Width(g)}]"));
        var descendant = pdf.Add(
            $"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> " +
            $"/FontDescriptor {descriptor} 0 R /DW {font.Width(0)} /W [{widths}] /CIDToGIDMap /Identity >>");
        var unicode = pdf.Stream("", Encoding.ASCII.GetBytes(ToUnicode()));
        return pdf.Add($"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R >>");
    }

    private IEnumerable<(Rune Rune, int Glyph)> Glyphs(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = font.Glyph(rune);
            yield return glyph != 0 ? (rune, glyph) : (new Rune('?'), font.Glyph(new Rune('?')));
        }
    }

    // What a reader copies and searches.
    private string ToUnicode()
    {
        var map = new StringBuilder(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
        foreach (var block in _used.Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (glyph, rune) in block)
            {
                map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(rune.ToString()))}>\n");
            }

            map.Append("endbfchar\n");
        }

        return map.Append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n").ToString();
    }

    // Six capitals before the name tell that it is a subset, and which.
    private static string Tag(byte[] program) => string.Concat(SHA256.HashData(program).Take(6).Select(b => (char)('A' + (b % 26))));
}
