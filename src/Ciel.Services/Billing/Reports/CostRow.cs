using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Reports;

/// <summary>A part of what an account costs, before tax.</summary>
/// <param name="Project">Whose; empty for what is the whole account's.</param>
/// <param name="Resource">What ran; empty for what no resource bears.</param>
/// <param name="Product">The product or offer.</param>
/// <param name="Ran">When, as its line says.</param>
/// <param name="Amount">Exact.</param>
internal sealed record CostRow(string Project, string Resource, string Product, Period Ran, Fixed Amount)
{
    /// <summary>What the rounding of a line to money adds; so all rows together come to the invoice's net, to the last digit.</summary>
    public const string Rounding = "rounding";

    /// <summary>The rows of a draft.</summary>
    public static IEnumerable<CostRow> Of(Draft draft) => draft.Lines.SelectMany((line, i) => Of(
        InvoiceStore.Row("", i + 1, line), [.. line.Charge.Parts.Select(p => (p.Project, p.Resource, p.Amount))]));

    /// <summary>The rows of an issued line.</summary>
    public static IEnumerable<CostRow> Of(InvoiceLine line, IReadOnlyList<(string Project, string Resource, Fixed Amount)> parts)
    {
        var (amount, ran) = (Fixed.Parse(line.Amount), new Period(line.FromAt, line.ToAt));
        if (line.Kind == "tax")
        {
            return [];
        }

        if (parts.Count == 0)
        {
            return [new("", "", line.Product, ran, amount)];
        }

        var rest = amount - parts.Sum(p => p.Amount);
        return [.. parts.Select(p => new CostRow(p.Project, p.Resource, line.Product, ran, p.Amount)), .. rest == Fixed.Zero ? (CostRow[])[] : [new("", "", Rounding, ran, rest)]];
    }
}
