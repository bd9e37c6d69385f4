using System.Globalization;

namespace Ciel.Services.Billing.Documents.Pdf;

/// <summary>Pages of text in two fonts as one PDF/A-3b file (ISO 19005-3), with a file embedded where there is one.</summary>
internal sealed class PdfDocument(TrueType plain, TrueType bold)
{
    // Grey by the white of D65 and a gamma of 2.2: measured colour, so the file needs no printer's profile (ISO 19005-3, 6.2.4).
    private const string Grey = "[/CalGray << /WhitePoint [0.9505 1 1.089] /Gamma 2.2 >>]";

    private readonly List<PdfPage> _pages = [];

    /// <summary>For text.</summary>
    public PdfFont Plain { get; } = new(plain);

    /// <summary>For headings.</summary>
    public PdfFont Bold { get; } = new(bold);

    /// <summary>The pages so far.</summary>
    public IReadOnlyList<PdfPage> Pages => _pages;

    /// <summary>Begins a page.</summary>
    public PdfPage Page()
    {
        _pages.Add(new());
        return _pages[^1];
    }

    /// <summary>Text on a page from a point on.</summary>
    public void Text(PdfPage page, double x, double y, string text, double size = 9, bool bold = false) => page.Text(bold ? Bold : Plain, bold ? "B" : "P", size, x, y, text);

    /// <summary>Text on a page up to a point.</summary>
    public void Right(PdfPage page, double x, double y, string text, double size = 9, bool bold = false) =>
        Text(page, x - (bold ? Bold : Plain).Width(text, size), y, text, size, bold);

    /// <summary>The file.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="made">When it was made.</param>
    /// <param name="attachment">What is embedded; null for nothing.</param>
    public byte[] Close(string title, DateTimeOffset made, (string Name, byte[] Xml)? attachment)
    {
        var pdf = new PdfFile();
        var tree = pdf.Reserve();
        var resources = pdf.Add($"<< /Font << /P {Plain.Embed(pdf)} 0 R /B {Bold.Embed(pdf)} 0 R >> /ColorSpace << /Grey {Grey} >> >>");
        var pages = _pages.ConvertAll(page => Add(pdf, page, tree, resources));
        pdf.Set(tree, $"<< /Type /Pages /Kids [{string.Join(' ', pages.Select(p => $"{p} 0 R"))}] /Count {pages.Count} >>");
        var metadata = pdf.Stream("/Type /Metadata /Subtype /XML", Xmp.Of(title, made.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), attachment?.Name), plain: true);
        var embedded = attachment is { } file ? Embed(pdf, file.Name, file.Xml, made) : "";
        return pdf.Close(pdf.Add($"<< /Type /Catalog /Pages {tree} 0 R /Metadata {metadata} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >>{embedded} >>"));
    }

    private static int Add(PdfFile pdf, PdfPage page, int tree, int resources)
    {
        var content = pdf.Stream("", page.Content);
        return pdf.Add($"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {PdfPage.Width} {PdfPage.Height}] /Resources {resources} 0 R /Contents {content} 0 R >>");
    }

    private static string Embed(PdfFile pdf, string name, byte[] xml, DateTimeOffset made)
    {
        var date = made.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var stream = pdf.Stream($"/Type /EmbeddedFile /Subtype /text#2Fxml /Params << /Size {xml.Length} /ModDate (D:{date}Z) >>", xml);
        var file = pdf.Add(
            $"<< /Type /Filespec /F ({name}) /UF ({name}) /Desc (The same invoice for machines) /AFRelationship /Alternative /EF << /F {stream} 0 R /UF {stream} 0 R >> >>");
        return $" /AF [{file} 0 R] /Names << /EmbeddedFiles << /Names [({name}) {file} 0 R] >> >>";
    }
}
