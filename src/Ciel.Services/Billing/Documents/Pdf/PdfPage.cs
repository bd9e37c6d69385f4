using System.Globalization;
using System.Text;

namespace Ciel.Services.Billing.Documents.Pdf;

/// <summary>What is drawn on one page of A4. Points from the left and from the bottom; ink is black or grey, measured so that no printer's profile is needed.</summary>
internal sealed class PdfPage
{
    /// <summary>A4's width.</summary>
    public const double Width = 595;

    /// <summary>A4's height.</summary>
    public const double Height = 842;

    private readonly StringBuilder _content = new("/Grey cs 0 sc /Grey CS 0.6 SC 0.5 w\n");

    /// <summary>What was drawn.</summary>
    public byte[] Content => Encoding.ASCII.GetBytes(_content.ToString());

    /// <summary>Text from a point on, in a font that the page's resources name so.</summary>
    public void Text(PdfFont font, string name, double size, double x, double y, string text) =>
        _content.Append(CultureInfo.InvariantCulture, $"BT /{name} {size:0.##} Tf {x:0.##} {y:0.##} Td <{font.Hex(text)}> Tj ET\n");

    /// <summary>A thin line across.</summary>
    public void Rule(double from, double to, double y) => _content.Append(CultureInfo.InvariantCulture, $"{from:0.##} {y:0.##} m {to:0.##} {y:0.##} l S\n");
}
