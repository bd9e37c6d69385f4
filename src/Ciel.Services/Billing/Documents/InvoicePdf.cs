using System.Globalization;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Documents.Host;
using Ciel.Services.Billing.Documents.Pdf;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Documents;

/// <summary>An invoice that people read: PDF/A-3 with the e-invoice embedded (Factur-X). The same invoice gives the same bytes.</summary>
internal sealed class InvoicePdf
{
    private const double Left = 50;
    private const double Edge = PdfPage.Width - 50;
    private const double Quantity = 345;
    private const double Unit = 350;
    private const double Price = 480;
    private const double Widest = 210;
    private readonly PdfDocument _pdf;
    private readonly Paper _paper;
    private readonly EInvoice _invoice;
    private PdfPage _page;
    private double _y;

    private InvoicePdf(Paper paper, EInvoice invoice, PdfDocument pdf)
    {
        (_paper, _invoice, _pdf) = (paper, invoice, pdf);
        _page = pdf.Page();
    }

    /// <summary>The file.</summary>
    /// <param name="paper">The invoice.</param>
    /// <param name="fonts">What it is set in.</param>
    /// <param name="xml">The e-invoice; null where it lacks something that the norm wants.</param>
    public static byte[] Of(Paper paper, InvoiceFonts fonts, byte[]? xml)
    {
        var pdf = new PdfDocument(fonts.Plain, fonts.Bold);
        var invoice = EInvoiceMaker.Of(paper);
        var writer = new InvoicePdf(paper, invoice, pdf);
        writer.Head();
        writer.Lines();
        writer.Sums();
        writer.Payment();
        writer.Feet();
        return pdf.Close($"{writer.Title} {invoice.Number}", DateTimeOffset.UnixEpoch.AddMicroseconds(paper.Invoice.IssuedAt), xml is null ? null : ("factur-x.xml", xml));
    }

    private string Title => _invoice.Type == "381" ? "Credit note" : "Invoice";

    private void Head()
    {
        _pdf.Text(_page, Left, 790, _invoice.Seller.Name, 14, bold: true);
        var y = 775.0;
        foreach (var line in SellerLines())
        {
            _pdf.Text(_page, Left, y, line, 8);
            y -= 11;
        }

        y = 690;
        foreach (var line in _invoice.Buyer.Address.Append(_invoice.Buyer.TaxNumber is { } number ? $"Tax number {number}" : "").Where(l => l.Length > 0))
        {
            _pdf.Text(_page, Left, y, line, 10);
            y -= 13;
        }

        var facts = 690.0;
        foreach (var (name, value) in Facts())
        {
            _pdf.Text(_page, 340, facts, name);
            _pdf.Right(_page, Edge, facts, value, bold: name == "Number");
            facts -= 13;
        }

        _y = Math.Min(Math.Min(y, facts) - 20, 600);
        _pdf.Text(_page, Left, _y, $"{Title} {_invoice.Number}", 16, bold: true);
        _y -= 30;
    }

    private IEnumerable<string> SellerLines()
    {
        var seller = _invoice.Seller;
        string?[] lines =
        [
            string.Join(", ", ((string?[])[seller["street"], $"{seller["postcode"]} {seller["city"]}".Trim(), seller["region"], seller.Country]).Where(p => !string.IsNullOrEmpty(p))),
            string.Join("  ", ((string?[])[seller["phone"], seller["email"]]).OfType<string>()),
            seller.TaxNumber is { } tax ? $"Tax number {tax}" : null,
            seller["registration"] is { } register ? $"Registration {register}" : null,
        ];
        return lines.OfType<string>().Where(l => l.Length > 0);
    }

    private IEnumerable<(string Name, string Value)> Facts()
    {
        yield return ("Number", _invoice.Number);
        yield return ("Date", Day(_invoice.Issued));
        yield return ("Period", $"{Day(_invoice.Period.From)} to {Day(_invoice.Period.To)}");
        yield return ("Account", _paper.Invoice.AccountId);
        if (_invoice.Preceding is { } preceding)
        {
            yield return ("Corrects", $"{preceding.Number} of {Day(preceding.Issued)}");
        }

        if (_invoice.Buyer["cost_centre"] is { } centre)
        {
            yield return ("Cost centre", centre);
        }

        if (_invoice.Buyer["order"] is { } order)
        {
            yield return ("Order", order);
        }

        if (_invoice.Buyer["reference"] is { } reference)
        {
            yield return ("Your reference", reference);
        }
    }

    private void Lines()
    {
        Headings();
        foreach (var line in _paper.Lines.Where(l => l.Kind != "tax"))
        {
            var words = Wrapped(EInvoiceMaker.Words(line)).ToList();
            Room((words.Count * 12) + 4);
            if (line.Unit != _invoice.Money.Code)
            {
                Figures(line);
            }

            _pdf.Right(_page, Edge, _y, Money(Fixed.Parse(line.Amount)));
            foreach (var part in words)
            {
                _pdf.Text(_page, Left, _y, part);
                _y -= 12;
            }

            _y -= 2;
        }

        _page.Rule(Left, Edge, _y + 8);
        _y -= 8;
    }

    private void Figures(InvoiceLine line)
    {
        _pdf.Right(_page, Quantity, _y, line.Quantity);
        _pdf.Text(_page, Unit, _y, line.Unit);
        _pdf.Right(_page, Price, _y, line.Each);
    }

    private void Headings()
    {
        _pdf.Text(_page, Left, _y, "Item", bold: true);
        _pdf.Right(_page, Quantity, _y, "Quantity", bold: true);
        _pdf.Text(_page, Unit, _y, "Unit", bold: true);
        _pdf.Right(_page, Price, _y, "Price", bold: true);
        _pdf.Right(_page, Edge, _y, _invoice.Money.Code, bold: true);
        _page.Rule(Left, Edge, _y - 4);
        _y -= 18;
    }

    private void Sums()
    {
        Room(90);
        Sum("Net", Fixed.Parse(_paper.Invoice.Net), false);
        foreach (var tax in _invoice.Taxes)
        {
            var rate = tax.Kind.Category is "S" or "Z" ? $"{tax.Kind.Percent} % tax on {Money(tax.Basis)}" : tax.Reason!;
            Sum(rate, _invoice.Type == "381" && Fixed.Parse(_paper.Invoice.Total).IsNegative ? -tax.Amount : tax.Amount, false);
        }

        Sum("Total", Fixed.Parse(_paper.Invoice.Total), true);
        if (_invoice.Paid != Fixed.Zero)
        {
            Sum("Paid before", -_invoice.Paid, false);
            Sum("To be paid", _invoice.Due, true);
        }

        _y -= 12;
    }

    private void Sum(string name, Fixed amount, bool bold)
    {
        Room(14);
        _pdf.Right(_page, Price, _y, name, bold: bold);
        _pdf.Right(_page, Edge, _y, Money(amount), bold: bold);
        _y -= 14;
    }

    private void Payment()
    {
        string?[] lines =
        [
            _invoice.Type == "380" && !_invoice.Due.IsNegative && _invoice.Due != Fixed.Zero ? $"Please pay {_invoice.Money.Code} {Money(_invoice.Due)} by {Day(_invoice.DueDate)}, with the reference {_invoice.Number}." : null,
            _invoice.Seller["iban"] is { } iban ? string.Join("  ", ((string?[])[$"IBAN {iban}", _invoice.Seller["bic"] is { } bic ? $"BIC {bic}" : null, _invoice.Seller["bank"]]).OfType<string>()) : null,
        ];
        foreach (var line in lines.OfType<string>())
        {
            Room(14);
            _pdf.Text(_page, Left, _y, line);
            _y -= 14;
        }
    }

    private void Feet()
    {
        for (var i = 0; i < _pdf.Pages.Count; i++)
        {
            _pdf.Text(_pdf.Pages[i], Left, 35, $"{_invoice.Seller.Name}  {Title} {_invoice.Number}", 7);
            _pdf.Right(_pdf.Pages[i], Edge, 35, string.Create(CultureInfo.InvariantCulture, $"Page {i + 1} of {_pdf.Pages.Count}"), 7);
        }
    }

    // A new page where the rest of this one is too short.
    private void Room(double height)
    {
        if (_y - height < 60)
        {
            _page = _pdf.Page();
            _y = 790;
            Headings();
        }
    }

    private IEnumerable<string> Wrapped(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && _pdf.Plain.Width($"{line} {word}", 9) > Widest)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    private string Money(Fixed amount) => _invoice.Money.Text(amount);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
