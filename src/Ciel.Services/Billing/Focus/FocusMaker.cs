using System.Numerics;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Purchases;

namespace Ciel.Services.Billing.Focus;

/// <summary>
/// One invoice's rows: one for each resource's share of a line, one for each line that has no shares. The rows' BilledCost adds up to the
/// invoice's total to the last digit; what was paid in advance for usage is EffectiveCost of that usage. A pure function.
/// </summary>
internal sealed class FocusMaker(
    string version, Invoice invoice, Account account, PriceBook book, IReadOnlyList<Order> orders, IReadOnlyList<Membership> stays, Func<string, string> projectName)
{
    // 1.4 wants a price of whatever has a quantity, and that a purchase which covers no usage costs what it is billed. The published rules of
    // 1.2 want a quantity of corrections too, and that no purchase has an effective cost: there its time has it.
    private readonly bool _asOf14 = string.CompareOrdinal(version, "1.4") >= 0;
    private readonly string _issuer = Party.Both(invoice.Parties).Seller.Name;

    /// <summary>The rows, in the order of the lines.</summary>
    public IEnumerable<FocusRow> Rows(IReadOnlyList<InvoiceLine> lines, IReadOnlyList<InvoiceShare> shares)
    {
        var covers = new Covers(account, book, orders, lines);
        var byLine = shares.ToLookup(s => s.Line);
        var rows = lines.SelectMany(line => Rows(covers, line, [.. byLine[line.Line]]).Select(row => (Line: line, Row: row))).ToList();

        // A tax's list cost is the tax on the list costs, not on what was paid.
        return rows.Select(r => r.Line.Kind != "tax" ? r.Row : r.Row with { ListCost = Tax(rows, r.Line, x => x.ListCost), ContractedCost = Tax(rows, r.Line, x => x.ContractedCost) });
    }

    private static string Tax(List<(InvoiceLine Line, FocusRow Row)> rows, InvoiceLine tax, Func<FocusRow, string> cost) => Exact.Percent(
        rows.Where(r => r.Line.Kind != "tax" && r.Line.TaxCategory == tax.TaxCategory && r.Line.TaxPercent == tax.TaxPercent).Select(r => cost(r.Row)), Fixed.Parse(tax.TaxPercent!));

    private IEnumerable<FocusRow> Rows(Covers covers, InvoiceLine line, List<InvoiceShare> shares)
    {
        var fee = line.Kind == "subscription" && !_asOf14;
        var rows = Shared(covers, line, shares, fee ? Fixed.Zero : covers.Effective(line));
        return fee ? rows.Append(TimeOf(covers, line, shares)) : covers.Unused(line) is { } unused ? rows.Append(Unused(covers, line, shares, unused)) : rows;
    }

    private IEnumerable<FocusRow> Shared(Covers covers, InvoiceLine line, List<InvoiceShare> shares, Fixed effective)
    {
        if (shares.Count == 0)
        {
            return [Row(covers, line, null, Fixed.Parse(line.Quantity), Fixed.Parse(line.Amount), effective)];
        }

        var rated = shares.ConvertAll(s => Fixed.Parse(s.Rated));
        var weights = (rated.All(r => r == Fixed.Zero) ? shares.ConvertAll(s => Fixed.Parse(s.Quantity)) : rated).ConvertAll(w => Int128.Abs(w.Units));
        var mixed = rated.Exists(r => r > Fixed.Zero) && rated.Exists(r => r < Fixed.Zero);
        var billed = mixed ? Signed(rated, Fixed.Parse(line.Amount)) : Shares.Of(Fixed.Parse(line.Amount), weights);
        var used = mixed ? billed : Shares.Of(effective, weights);
        return shares.Select((share, i) => Row(covers, line, share, Fixed.Parse(share.Quantity), billed[i], used[i]));
    }

    // Some gave back and some owe more: each what it was rated, and the last what rounding left over.
    private static Fixed[] Signed(List<Fixed> rated, Fixed amount) => [.. rated.SkipLast(1), amount - rated.SkipLast(1).Sum()];

    private FocusRow Row(Covers covers, InvoiceLine line, InvoiceShare? share, Fixed quantity, Fixed billed, Fixed effective)
    {
        var category = Category(line.Kind);
        var product = book.Products.FirstOrDefault(p => p.Id == line.Product);
        var sold = category is "Usage" or "Purchase";
        var correction = line.Kind is "correction" or "credit" || invoice.IsCreditNote;

        // A correction is of what had several prices: it has none of its own, and then no quantity that was priced.
        var priced = sold && !(correction && _asOf14);
        var list = sold && !correction ? ListPrice(line) : (Fixed?)null;
        var each = sold && !correction ? Fixed.Parse(line.Each) : (Fixed?)null;
        var resource = category == "Purchase" ? line.Source : share?.ResourceId; // What was bought is a resource, whose it is or not.
        var unit = priced ? FocusUnit.Of(line.Unit) : null;
        return new()
        {
            BilledCost = billed.ToString(),
            EffectiveCost = effective.ToString(),
            ListCost = list is { } l ? Exact.Product(l, quantity) : billed.ToString(),
            ContractedCost = each is { } e ? Exact.Product(e, quantity) : billed.ToString(),
            ListUnitPrice = list?.ToString(),
            ContractedUnitPrice = each?.ToString(),
            PricingQuantity = priced ? quantity.ToString() : null,
            PricingUnit = unit,
            PricingCategory = !priced ? null : line.Kind is "package" or "commitment" ? "Committed" : "Standard",
            ConsumedQuantity = priced && category == "Usage" ? quantity.ToString() : null,
            ConsumedUnit = priced && category == "Usage" ? unit : null,
            BillingAccountId = account.Id,
            BillingAccountName = account.Name,
            Currency = invoice.Currency,
            BillingPeriod = (invoice.PeriodFrom, invoice.PeriodTo),
            ChargePeriod = (line.FromAt, line.ToAt),
            ChargeCategory = category,
            ChargeClass = correction ? "Correction" : null,
            ChargeDescription = EInvoiceMaker.Words(line),
            ChargeFrequency = line.Kind switch { "subscription" => "Recurring", "purchase" => line.Unit == "hour" ? "Recurring" : "One-Time", _ => category == "Usage" ? "Usage-Based" : "One-Time" },
            Commitment = Commitment(covers, line, quantity, line.Kind == "purchase" ? billed : effective),
            InvoiceId = invoice.Number,
            InvoiceDetailId = line.Line.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Issuer = _issuer,
            Programs = priced && category == "Usage" ? FocusJson.Programs(Programs(covers, line)) : null,
            ResourceId = resource,
            ResourceType = resource is null ? null : product is null ? "order" : FocusService.ResourceType(product),
            Service = FocusService.Of(product),
            SkuId = sold ? line.Product : null,
            SkuMeter = sold ? product?.Meter ?? "order" : null,
            SubAccountId = share?.ProjectId,
            SubAccountName = share is null ? null : projectName(share.ProjectId),
            CostCentre = share is null ? null : Membership.CostCentreOf(stays, share.ProjectId, new(line.FromAt, line.ToAt)),
        };
    }

    // The purchase stands with its cost and no effect; this row has the effect and no cost.
    private FocusRow Unused(Covers covers, InvoiceLine line, List<InvoiceShare> shares, (Fixed Cost, Fixed Quantity) unused)
    {
        var row = Row(covers, line, shares.Count == 1 ? shares[0] : null, Fixed.Parse(line.Quantity), Fixed.Zero, unused.Cost);
        return row with
        {
            ChargeCategory = "Usage",
            ChargeFrequency = "Usage-Based",
            ChargeDescription = $"Unused: {row.ChargeDescription}",
            ListCost = "0",
            ContractedCost = "0",
            ListUnitPrice = "0",
            ContractedUnitPrice = "0",
            PricingCategory = "Committed",
            PricingQuantity = unused.Quantity.ToString(),
            PricingUnit = row.Commitment!.Unit,
            Commitment = row.Commitment with { Status = "Unused", Quantity = unused.Quantity.ToString() },
        };
    }

    private FocusRow TimeOf(Covers covers, InvoiceLine line, List<InvoiceShare> shares)
    {
        var row = Row(covers, line, shares.Count == 1 ? shares[0] : null, Fixed.Parse(line.Quantity), Fixed.Zero, Fixed.Parse(line.Amount));
        return row with
        {
            ChargeCategory = "Usage",
            ChargeFrequency = "Usage-Based",
            ChargeDescription = $"Time of {row.ChargeDescription}",
            ListCost = "0",
            ContractedCost = "0",
            ListUnitPrice = "0",
            ContractedUnitPrice = "0",
            ConsumedQuantity = row.PricingQuantity,
            ConsumedUnit = row.PricingUnit,
        };
    }

    private static Commitment? Commitment(Covers covers, InvoiceLine line, Fixed quantity, Fixed cost)
    {
        if (covers.Of(line) is not var (order, offer))
        {
            return null;
        }

        var purchase = line.Kind == "purchase";
        return new(order.Id, offer.Name, offer.Kind.ToString(), purchase ? null : "Used", covers.Taken(offer, purchase, quantity, cost).ToString(), covers.Unit(offer));
    }

    // The kinds of orders that the book sold for such usage, and the one that covers it.
    private List<string> Programs(Covers covers, InvoiceLine line) => [.. book.Offers
        .Where(o => o.Kind != OfferKind.Subscription && o.Currency == invoice.Currency && o.From < line.ToAt && line.Product.Fits(o.Product))
        .Select(o => o.Kind.ToString())
        .Concat(covers.Of(line) is var (_, offer) ? [offer.Kind.ToString()] : [])
        .Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What kind of charge FOCUS calls a kind of line.</summary>
    public static string Category(string kind) => kind switch
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
}
