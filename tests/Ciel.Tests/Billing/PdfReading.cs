using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Ciel.Tests.Billing;

/// <summary>A PDF read by its table of places, as a strict reader does: each object must stand where the table says.</summary>
internal sealed partial class PdfReading
{
    public PdfReading(byte[] file)
    {
        Text = Encoding.Latin1.GetString(file);
        var start = int.Parse(Start().Match(Text).Groups[1].Value, CultureInfo.InvariantCulture);
        var table = Text[start..].Split('\n');
        table[0].ShouldBe("xref");
        var count = int.Parse(table[1].Split(' ')[1], CultureInfo.InvariantCulture);
        for (var i = 1; i < count; i++)
        {
            var place = int.Parse(table[2 + i][..10], CultureInfo.InvariantCulture);
            Text[place..].ShouldStartWith($"{i} 0 obj\n");
            var end = Text.IndexOf("endobj", place, StringComparison.Ordinal);
            Objects.Add(Text[place..end]);
            if (Length().Match(Objects[^1]) is { Success: true } length)
            {
                var at = place + Text[place..end].IndexOf("stream\n", StringComparison.Ordinal) + 7;
                Streams.Add(Content(file.AsSpan(at, int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture)), Objects[^1].Contains("/FlateDecode", StringComparison.Ordinal)));
            }
        }
    }

    public string Text { get; }

    public List<string> Objects { get; } = [];

    public List<byte[]> Streams { get; } = [];

    private static byte[] Content(ReadOnlySpan<byte> bytes, bool packed)
    {
        if (!packed)
        {
            return bytes.ToArray();
        }

        using var from = new ZLibStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        using var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }

    [GeneratedRegex(@"startxref\n(\d+)\n%%EOF\n\z")]
    private static partial Regex Start();

    [GeneratedRegex(@"/Length (\d+)")]
    private static partial Regex Length();
}
