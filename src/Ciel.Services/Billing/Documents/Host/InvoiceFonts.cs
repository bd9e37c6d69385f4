using Ciel.Core.Errors;
using Ciel.Services.Billing.Documents.Pdf;

namespace Ciel.Services.Billing.Documents.Host;

/// <summary>The fonts that invoices are set in: DejaVu Sans of Debian's package fonts-dejavu-core, read once.</summary>
internal sealed class InvoiceFonts
{
    private const string Folder = "/usr/share/fonts/truetype/dejavu/";
    private readonly Lazy<(TrueType Plain, TrueType Bold)> _fonts = new(() => (Read("DejaVuSans"), Read("DejaVuSans-Bold")));

    /// <summary>For text.</summary>
    public TrueType Plain => _fonts.Value.Plain;

    /// <summary>For headings and sums.</summary>
    public TrueType Bold => _fonts.Value.Bold;

    private static TrueType Read(string name)
    {
        var path = $"{Folder}{name}.ttf";
        return File.Exists(path) ? new TrueType(name, File.ReadAllBytes(path))
            : throw new Fault(503, "ServiceUnavailable", $"The font {path} is missing. Install the package fonts-dejavu-core on the controller, then ask again.");
    }
}
