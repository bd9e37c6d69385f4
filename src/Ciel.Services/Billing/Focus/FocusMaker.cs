using System.Globalization;
using System.Numerics;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Focus;

/// <summary>
/// One invoice's rows: one for each resource's share of a line, one for each line that has no shares. The rows' BilledCost adds up to the
/// invoice's total to the last digit; what was paid in advance for usage is EffectiveCost of that usage. A pure function.
/// </summary>
internal sealed class FocusMaker(Invoice invoice, Account account, PriceBook book, IReadOnlyList<Membership> stays, Func<string, string> projectName)
{
    private readonly string _issuer = Party.Both(invoice.Parties).Seller.Name;

    /// <summary>The rows, in the order of the lines.</summary>
    public IEnumerable<FocusRow> Rows(IReadOnlyList<InvoiceLine> lines, IReadOnlyList<InvoiceShare> shares)
    {
        var byLine = shares.ToLookup(s => s.Line);
        var fees = lines.Where(l => l.Kind == "purchase" && l.Source is not null).GroupBy(l => l.Source!).ToDictionary(g => g.Key, g => Sum(g.Select(l => Fixed.Parse(l.Amount))));
        var covered = lines.Where(l => l.Kind is "package" or "commitment" && l.Source is not null).GroupBy(l => l.Source!).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var line in lines)
        {
            var effective = line.Kind is "package" or "commitment" && fees.ContainsKey(line.Source ?? "") ? Part(fees[line.Source!], covered[line.Source!], line)
                : line.Kind is "purchase" or "subscription" ? Fixed.Zero
                : Fixed.Parse(line.Amount);
            foreach (var row in Rows(line, [.. byLine[line.Line]], effective))
            {
                yield return row;
            }

            // A fee that covers no usage of this invoice was used up by its time.
            if (line.Kind is "purchase" or "subscription" && !covered.ContainsKey(line.Source ?? ""))
            {
                yield return TimeOf(line, [.. byLine[line.Line]]);
            }
        }
    }

    private IEnumerable<FocusRow> Rows(InvoiceLine line, List<InvoiceShare> shares, Fixed effective)
    {
        if (shares.Count == 0)
        {
            return [Row(line, null, Fixed.Parse(line.Quantity), Fixed.Parse(line.Amount), effective)];
        }

        var rated = shares.ConvertAll(s => Fixed.Parse(s.Rated));
        var weights = (rated.All(r => r == Fixed.Zero) ? shares.ConvertAll(s => Fixed.Parse(s.Quantity)) : rated).ConvertAll(w => Int128.Abs(w.Units));
        var mixed = rated.Exists(r => r > Fixed.Zero) && rated.Exists(r => r < Fixed.Zero);
        var billed = mixed ? Signed(rated, Fixed.Parse(line.Amount)) : Shares.Of(Fixed.Parse(line.Amount), weights);
        var used = mixed ? billed : Shares.Of(effective, weights);
        return shares.Select((share, i) => Row(line, share, Fixed.Parse(share.Quantity), billed[i], used[i]));
    }

    // Some gave back and some owe more: each what it was rated, and the last what rounding left over.
    private static Fixed[] Signed(List<Fixed> rated, Fixed amount) => [.. rated.SkipLast(1), amount - Sum(rated.SkipLast(1))];

    private FocusRow Row(InvoiceLine line, InvoiceShare? share, Fixed quantity, Fixed billed, Fixed effective)
    {
        var category = Category(line.Kind);
        var product = book.Products.FirstOrDefault(p => p.Id == line.Product);
        var priced = category is "Usage" or "Purchase";
        var correction = line.Kind is "correction" or "credit" || invoice.Kind == "credit-note";
        var list = priced && !correction ? ListPrice(line) : (Fixed?)null;
        var each = priced && !correction ? Fixed.Parse(line.Each) : (Fixed?)null;
        var unit = priced ? FocusUnit.Of(line.Unit) : null;
        return new()
        {
            BilledCost = billed.ToString(),
            EffectiveCost = effective.ToString(),
            ListCost = list is { } l ? Product(l, quantity) : billed.ToString(),
            ContractedCost = each is { } e ? Product(e, quantity) : billed.ToString(),
            ListUnitPrice = list?.ToString(),
            ContractedUnitPrice = each?.ToString(),
            PricingQuantity = priced ? quantity.ToString() : null,
            PricingUnit = unit,
            PricingCategory = !priced ? null : line.Kind is "package" or "commitment" ? "Committed" : "Standard",
            ConsumedQuantity = category == "Usage" ? quantity.ToString() : null,
            ConsumedUnit = category == "Usage" ? unit : null,
            BillingAccountId = account.Id,
            BillingAccountName = account.Name,
            Currency = invoice.Currency,
            BillingPeriod = (invoice.PeriodFrom, invoice.PeriodTo),
            ChargePeriod = (line.FromAt, line.ToAt),
            ChargeCategory = category,
            ChargeClass = correction ? "Correction" : null,
            ChargeDescription = EInvoiceMaker.Words(line),
            ChargeFrequency = line.Kind switch { "subscription" => "Recurring", "purchase" => line.Unit == "hour" ? "Recurring" : "One-Time", _ => category == "Usage" ? "Usage-Based" : "One-Time" },
            Commitment = line.Kind is "package" or "commitment" or "purchase" && line.Source is { } order ? Order(order, line) : null,
            InvoiceId = invoice.Number,
            Issuer = _issuer,
            ResourceId = share?.ResourceId,
            ResourceType = share is null ? null : product is null ? "order" : FocusService.ResourceType(product),
            Service = FocusService.Of(product),
            SkuId = priced ? line.Product : null,
            SkuMeter = priced ? product?.Meter ?? "order" : null,
            SubAccountId = share?.ProjectId,
            SubAccountName = share is null ? null : projectName(share.ProjectId),
            CostCentre = share is null ? null : stays.FirstOrDefault(s => s.ProjectId == share.ProjectId && s.When.Contains(line.FromAt))?.CostCentre,
        };
    }

    // The purchase stands with its cost and no effect; this row has the effect and no cost.
    private FocusRow TimeOf(InvoiceLine line, List<InvoiceShare> shares)
    {
        var row = Row(line, shares.Count == 1 ? shares[0] : null, Fixed.Parse(line.Quantity), Fixed.Zero, Fixed.Parse(line.Amount));
        return row with
        {
            ChargeCategory = "Usage",
            ChargeFrequency = "Usage-Based",
            ChargeDescription = $"Time of {row.ChargeDescription}",
            ListCost = "0",
            ContractedCost = "0",
            ListUnitPrice = "0",
            ContractedUnitPrice = "0",
            ConsumedQuantity = row.Commitment is null ? row.PricingQuantity : null,
            ConsumedUnit = row.Commitment is null ? row.PricingUnit : null,
            Commitment = row.Commitment is { } commitment ? commitment with { Status = "Unused" } : null,
        };
    }

    private Commitment Order(string order, InvoiceLine line)
    {
        var offer = book.Offers.LastOrDefault(o => o.Id == line.Product);
        var type = line.Kind == "package" ? "Package" : offer?.Kind.ToString() ?? "Commitment";
        return new(order, offer?.Name ?? type, type == nameof(OfferKind.SavingsPlan) ? "Spend" : "Usage", type, line.Kind == "purchase" ? null : "Used");
    }

    // A line's part of what was paid for all the lines that one order covers, by what they would have cost.
    private static Fixed Part(Fixed fee, List<InvoiceLine> covered, InvoiceLine line) =>
        Shares.Of(fee, covered.ConvertAll(l => Int128.Abs(Fixed.Parse(l.List).Units)))[covered.IndexOf(line)];

    private static string Category(string kind) => kind switch
    {
        "subscription" or "purchase" => "Purchase",
        "discount" => "Adjustment",
        "coupon" or "credit" => "Credit",
        "tax" => "Tax",
        _ => "Usage",
    };

    // What one unit costs by the list: the line's list amount over its quantity, cut off after ten decimals.
    private static Fixed ListPrice(InvoiceLine line)
    {
        var (list, quantity, each) = (Fixed.Parse(line.List), Fixed.Parse(line.Quantity), Fixed.Parse(line.Each));
        return line.List == line.Rated || quantity == Fixed.Zero ? (each.IsNegative ? Fixed.Zero : each)
            : Fixed.Max(Fixed.Zero, Fixed.Of((Int128)BigInteger.Divide((BigInteger)list.Units * 10_000_000_000, (BigInteger)quantity.Units)));
    }

    // Exact, with up to twenty decimals: FOCUS wants price times quantity to be the cost, not nearly the cost.
    private static string Product(Fixed price, Fixed quantity)
    {
        var units = (BigInteger)price.Units * (BigInteger)quantity.Units;
        var digits = BigInteger.Abs(units).ToString("D21", CultureInfo.InvariantCulture);
        var behind = digits[^20..].TrimEnd('0');
        return $"{(units.Sign < 0 ? "-" : "")}{digits[..^20]}{(behind.Length > 0 ? "." : "")}{behind}";
    }

    private static Fixed Sum(IEnumerable<Fixed> amounts) => amounts.Aggregate(Fixed.Zero, (sum, a) => sum + a);
}
