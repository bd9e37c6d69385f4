using System.Globalization;
using System.Text.Json.Nodes;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;
using static Ciel.Services.Billing.Calendar.Micros;
using Column = Ciel.Services.Billing.Focus.FocusColumn<Ciel.Services.Billing.Focus.InvoiceDetail>;

namespace Ciel.Services.Billing.Focus;

/// <summary>The dataset Invoice Detail, since 1.4: a record for each line of an issued invoice or credit note, those of zero too.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Line">The line.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="Order">The customer's purchase order; null for none.</param>
/// <param name="Product">What the line is of; null for fees, taxes and credits.</param>
internal sealed record InvoiceDetail(Invoice Invoice, InvoiceLine Line, string Issuer, string? Order, Product? Product)
{
    /// <summary>Its columns, in the order of their names, and behind them what invoices of ours say and FOCUS has no name for.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        Column.Number("BilledCost", r => r.Line.Amount),
        Column.Text("BillingAccountId", r => r.Invoice.AccountId),
        Column.Text("BillingCurrency", r => r.Invoice.Currency),
        Column.Time("BillingPeriodEnd", r => r.Invoice.PeriodTo),
        Column.Time("BillingPeriodStart", r => r.Invoice.PeriodFrom),
        Column.Text("ChargeCategory", r => FocusMaker.Category(r.Line.Kind)),
        Column.Time("InvoiceDetailCreated", r => r.Invoice.IssuedAt),
        Column.Text("InvoiceDetailDescription", r => EInvoiceMaker.Words(r.Line)),
        Column.Text("InvoiceDetailGrain", r => r.Grain),
        Column.Text("InvoiceDetailId", r => r.Line.Line.ToString(CultureInfo.InvariantCulture)),
        Column.Time("InvoiceDetailLastUpdated", r => r.Invoice.IssuedAt),
        Column.Text("InvoiceId", r => r.Invoice.Number),
        Column.Time("InvoiceIssueDate", r => r.Invoice.IssuedAt),
        Column.Text("InvoiceIssueStatus", _ => "Issued"),
        Column.Text("InvoiceIssuerName", r => r.Issuer),
        Column.Text("PaymentCurrency", r => r.Invoice.Currency),
        Column.Time("PaymentDueDate", r => r.Invoice.DueAt),
        Column.Text("PaymentTerms", r => r.Terms),
        Column.Text("PurchaseOrderNumber", r => r.Order),
        Column.Text("ReferenceInvoiceId", r => r.Reference),
        Column.Number("x_PrepaidCost", r => r.Line.Line == 1 ? r.Invoice.Prepaid : null),
        Column.Number("x_UnitPrice", r => r.Line.Each),
    ];

    /// <summary>An invoice's records, in the order of its lines.</summary>
    public static IEnumerable<InvoiceDetail> Of(Invoice invoice, IReadOnlyList<InvoiceLine> lines, PriceBook book)
    {
        var (seller, buyer) = Party.Both(invoice.Parties);
        return lines.Select(line => new InvoiceDetail(invoice, line, seller.Name, buyer["order"], book.Products.FirstOrDefault(p => p.Id == line.Product)));
    }

    // What makes a line a line of its own: kind and product, what it is due to, and how it is taxed.
    private string Grain
    {
        get
        {
            var grain = new JsonObject();
            if (Product is { } product)
            {
                grain["ServiceName"] = FocusService.Of(product).Subcategory;
                grain["SkuId"] = product.Id;
                grain["SkuMeter"] = product.Meter;
            }

            grain["x_Kind"] = Line.Kind;
            if (Line.Source is { } source)
            {
                grain["x_Source"] = source;
            }

            if (Line.TaxCategory is { } category)
            {
                grain["x_TaxCategory"] = category;
                grain["x_TaxPercent"] = JsonNode.Parse(Line.TaxPercent!);
            }

            return grain.ToJsonString();
        }
    }

    private string Terms => string.Create(CultureInfo.InvariantCulture, $"Net {Math.Max(0, Math.Round((double)(Invoice.DueAt - Invoice.IssuedAt) / Day)):0}");

    // A correction's source is the invoice of the period that it corrects; a period without any had none.
    private string Reference => Invoice.Corrects ?? (Line.Kind == "correction" ? Line.Source : null) ?? Invoice.Number;
}
