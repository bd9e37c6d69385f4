using Ciel.Core.Errors;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Services.Billing.Invoices;

/// <summary>
/// What a credit note says: an amount taken back from an invoice, in proportion over its rates of tax, with the tax on each part. All notes on
/// an invoice together take back no more than it had, and the last one brings the rest of the tax to the last unit. Pure.
/// </summary>
internal static class CreditNote
{
    /// <summary>The note's lines; together they are below zero.</summary>
    /// <param name="invoice">The invoice.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="credited">The lines of earlier notes on it.</param>
    /// <param name="net">What is taken back, without tax; null for all that is left.</param>
    /// <exception cref="Fault">400 where that is not money of the currency, 409 where so much is not left.</exception>
    public static IReadOnlyList<Line> Lines(Invoice invoice, IReadOnlyList<InvoiceLine> lines, IReadOnlyList<InvoiceLine> credited, Fixed? net)
    {
        var money = Currency.Find(invoice.Currency)!;
        var groups = lines.GroupBy(Rate).Select(g => Left(g.Key, [.. g], [.. credited.Where(c => Rate(c) == g.Key)])).ToList();
        var left = groups.Sum(g => g.Net);
        var wanted = net ?? left;
        if (invoice.IsCreditNote)
        {
            throw Fault.Conflict($"{invoice.Number} is a credit note: only an invoice can be taken back.");
        }

        if (left <= Fixed.Zero || wanted > left)
        {
            throw Fault.Conflict($"Of {invoice.Number} {money.Text(left)} {money.Code} without tax are left to take back.");
        }

        if (wanted <= Fixed.Zero || money.Round(wanted) != wanted)
        {
            throw Fault.BadRequest($"A credit note takes back an amount above 0 with at most {money.Decimals} decimals.");
        }

        // All of it goes back as it was, also what it gave; a part goes back where something was paid.
        IReadOnlyList<Fixed> parts = wanted == left ? [.. groups.Select(g => g.Net)] : Shares.OfMoney(wanted, [.. groups.Select(g => Fixed.Max(Fixed.Zero, g.Net).Units)], money);
        return [.. groups.Zip(parts).Where(p => p.Second != Fixed.Zero).SelectMany(p => Lines(invoice, p.First, p.Second, money)).OrderBy(l => l.Charge.Kind)];
    }

    private static Group Left((string? Category, string? Percent) rate, List<InvoiceLine> lines, List<InvoiceLine> credited) =>
        new(rate.Category, rate.Percent, Sum(lines, tax: false) + Sum(credited, tax: false), Sum(lines, tax: true) + Sum(credited, tax: true));

    private static IEnumerable<Line> Lines(Invoice invoice, Group group, Fixed net, Currency money)
    {
        var rate = group.Category is { } category ? new TaxRate { Class = "", Country = "", Percent = Fixed.Parse(group.Percent!), Category = category, From = 0 } : null;
        yield return Line(ChargeKind.Credit, $"Credit on {invoice.Number}", invoice, rate, -net);
        var tax = net == group.Net ? group.Tax : Fixed.Min(group.Tax, money.Round(net.Percent(rate?.Percent ?? Fixed.Zero)));
        if (tax != Fixed.Zero)
        {
            yield return Line(ChargeKind.Tax, $"Tax, {group.Percent} % of {money.Text(-net)}", invoice, rate, -tax);
        }
    }

    private static Line Line(ChargeKind kind, string name, Invoice invoice, TaxRate? rate, Fixed amount) => new()
    {
        Name = name,
        Amount = amount,
        Rate = rate,
        Charge = new()
        {
            Kind = kind,
            Product = kind == ChargeKind.Tax ? "tax" : "credit",
            Ran = new Period(invoice.PeriodFrom, invoice.PeriodTo),
            Unit = invoice.Currency,
            Quantity = Fixed.One,
            Each = amount,
            Amount = amount,
            Source = invoice.Number,
            Tax = "",
            Parts = [],
        },
    };

    private static (string? Category, string? Percent) Rate(InvoiceLine line) => (line.TaxCategory, line.TaxPercent);

    private static Fixed Sum(IEnumerable<InvoiceLine> lines, bool tax) =>
        lines.Where(l => (l.Kind == "tax") == tax).Sum(l => Fixed.Parse(l.Amount));

    private sealed record Group(string? Category, string? Percent, Fixed Net, Fixed Tax);
}
