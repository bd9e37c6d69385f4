using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Documents;

/// <summary>Reads an issued invoice as EN 16931 has it. A pure function.</summary>
internal static class EInvoiceMaker
{
    // UN/ECE recommendation 20 has no GiB-months: such units go to the description, and the quantity counts ones.
    private static readonly Dictionary<string, string> Units = new()
    {
        ["hour"] = "HUR",
        ["day"] = "DAY",
        ["month"] = "MON",
        ["year"] = "ANN",
        ["GB"] = "E34",
        ["MB"] = "4L",
        ["TB"] = "E35",
        ["KB"] = "2P",
        ["B"] = "AD",
    };

    public static EInvoice Of(Paper paper)
    {
        var (invoice, zone) = (paper.Invoice, paper.Place);
        var sign = invoice.IsCreditNote && Fixed.Parse(invoice.Total).IsNegative ? -1 : 1;
        var (seller, buyer) = Party.Both(invoice.Parties);
        var lines = paper.Lines.Where(l => l.Kind != "tax").ToList();
        var untaxed = Untaxed(lines);
        var taken = lines.Where(l => IsAllowance(l, sign)).ToList();
        EInvoice made = new()
        {
            Number = invoice.Number,
            Type = invoice.IsCreditNote ? "381" : "380",
            Issued = zone.Day(invoice.IssuedAt),
            DueDate = zone.Day(invoice.DueAt),
            Period = (zone.Day(invoice.PeriodFrom), zone.Day(invoice.PeriodTo - 1)),
            Money = Currency.Find(invoice.Currency)!,
            Seller = seller,
            Buyer = buyer,
            Preceding = paper.Corrects is { } first ? (first.Number, zone.Day(first.IssuedAt)) : null,
            Lines = [.. lines.Except(taken).Select(l => Line(paper, l, sign, untaxed))],
            Allowances = [.. taken.Select(l => new Allowance(Money(l, -sign), Words(l), Kind(l, untaxed)))],
            Taxes = [],
            Paid = Signed(Fixed.Parse(invoice.Prepaid), sign),
        };
        return made with { Taxes = [.. Taxes(made, paper, sign)] };
    }

    // What a contract or a coupon takes off is an allowance on the whole (BG-20); a norm's line cannot cost less than nothing.
    private static bool IsAllowance(InvoiceLine line, int sign) => line.Kind is "discount" or "coupon" && Money(line, sign).IsNegative;

    /// <summary>A line's name with what it is due to, as people read it.</summary>
    public static string Words(InvoiceLine line) => line.Kind switch
    {
        "usage" or "tax" or "coupon" or "credit" => line.Name,
        _ => $"{line.Name} ({line.Kind}{(line.Source is { } source ? $", {source}" : "")})",
    };

    private static EInvoiceLine Line(Paper paper, InvoiceLine line, int sign, string untaxed)
    {
        var (amount, quantity, each) = (Money(line, sign), Signed(Fixed.Parse(line.Quantity), sign), Fixed.Parse(line.Each));
        var money = Currency.Find(paper.Invoice.Currency)!;
        var fits = !each.IsNegative && money.Round(quantity.Times(each)) == amount;
        var what = line.Unit == money.Code ? line.Kind : $"{line.Kind}, {Fixed.Parse(line.Quantity)} {line.Unit}";
        return new()
        {
            Number = line.Line,
            Product = line.Product,
            Name = line.Name,
            Description = fits && Units.ContainsKey(line.Unit) ? line.Kind : line.Source is { } source ? $"{what}, {source}" : what,
            Quantity = fits ? quantity : amount.IsNegative ? -Fixed.One : Fixed.One,
            Unit = fits ? Units.GetValueOrDefault(line.Unit, "C62") : "C62",
            Price = fits ? each : amount.IsNegative ? -amount : amount,
            Amount = amount,
            Tax = Kind(line, untaxed),
            Period = (paper.Place.Day(line.FromAt), paper.Place.Day(Math.Max(line.FromAt, line.ToAt - 1))),
        };
    }

    private static IEnumerable<TaxSum> Taxes(EInvoice made, Paper paper, int sign)
    {
        var tax = paper.Lines.Where(l => l.Kind == "tax").GroupBy(l => Kind(l, "S")).ToDictionary(g => g.Key, g => g.Sum(l => Money(l, sign)));
        return made.Lines.Select(l => l.Tax).Concat(made.Allowances.Select(a => a.Tax)).Distinct()
            .OrderBy(k => k.Category, StringComparer.Ordinal).ThenBy(k => k.Percent)
            .Select(kind => new TaxSum(
                kind,
                made.Lines.Where(l => l.Tax == kind).Sum(l => l.Amount) - made.Allowances.Where(a => a.Tax == kind).Sum(a => a.Amount),
                tax.GetValueOrDefault(kind),
                kind.Reason is { } words ? paper.Reasons?.GetValueOrDefault(kind.Category) ?? words : null));
    }

    // What the price book taxes nowhere: outside of VAT where that is all there is, exempt beside others (BR-O-11 lets O stand alone only).
    private static string Untaxed(List<InvoiceLine> lines) => lines.All(l => l.TaxCategory is null or "O") ? "O" : "E";

    // A standard rate is above zero (BR-S-05): one of zero is the norm's category Z.
    private static TaxKind Kind(InvoiceLine line, string untaxed) =>
        line.TaxCategory is null or "O" ? new(untaxed, Fixed.Zero)
            : Fixed.Parse(line.TaxPercent!) is var percent && line.TaxCategory == "S" && percent == Fixed.Zero ? new("Z", percent)
            : new(line.TaxCategory, percent);

    private static Fixed Money(InvoiceLine line, int sign) => Signed(Fixed.Parse(line.Amount), sign);

    private static Fixed Signed(Fixed amount, int sign) => sign < 0 ? -amount : amount;
}
