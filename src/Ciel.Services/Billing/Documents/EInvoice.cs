using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Documents;

/// <summary>
/// An invoice as EN 16931 sees it. Sums are worked out here by the norm's own rules (BR-CO-10 to BR-CO-17), not copied: a test holds that they
/// equal the invoice's.
/// </summary>
internal sealed record EInvoice
{
    /// <summary>BT-1.</summary>
    public required string Number { get; init; }

    /// <summary>BT-3: 380 an invoice, 381 a credit note, whose amounts are given back and positive.</summary>
    public required string Type { get; init; }

    /// <summary>BT-2.</summary>
    public required DateOnly Issued { get; init; }

    /// <summary>BT-9.</summary>
    public required DateOnly DueDate { get; init; }

    /// <summary>BG-14, the last day in it.</summary>
    public required (DateOnly From, DateOnly To) Period { get; init; }

    /// <summary>BT-5.</summary>
    public required Currency Money { get; init; }

    /// <summary>BG-4.</summary>
    public required Party Seller { get; init; }

    /// <summary>BG-7.</summary>
    public required Party Buyer { get; init; }

    /// <summary>BG-3: the invoice that a credit note takes back from.</summary>
    public (string Number, DateOnly Issued)? Preceding { get; init; }

    /// <summary>BG-25.</summary>
    public required IReadOnlyList<EInvoiceLine> Lines { get; init; }

    /// <summary>BG-20.</summary>
    public required IReadOnlyList<Allowance> Allowances { get; init; }

    /// <summary>BG-23.</summary>
    public required IReadOnlyList<TaxSum> Taxes { get; init; }

    /// <summary>BT-113.</summary>
    public Fixed Paid { get; init; }

    /// <summary>BT-106, BR-CO-10.</summary>
    public Fixed LineTotal => Lines.Sum(l => l.Amount);

    /// <summary>BT-107, BR-CO-11.</summary>
    public Fixed AllowanceTotal => Allowances.Sum(a => a.Amount);

    /// <summary>BT-109, BR-CO-13.</summary>
    public Fixed Net => LineTotal - AllowanceTotal;

    /// <summary>BT-110, BR-CO-14.</summary>
    public Fixed Tax => Taxes.Sum(t => t.Amount);

    /// <summary>BT-112, BR-CO-15.</summary>
    public Fixed Total => Net + Tax;

    /// <summary>BT-115, BR-CO-16.</summary>
    public Fixed Due => Total - Paid;
}

/// <summary>A line (BG-25).</summary>
internal sealed record EInvoiceLine
{
    /// <summary>BT-126.</summary>
    public required long Number { get; init; }

    /// <summary>BT-155: the product.</summary>
    public required string Product { get; init; }

    /// <summary>BT-153.</summary>
    public required string Name { get; init; }

    /// <summary>BT-154.</summary>
    public required string Description { get; init; }

    /// <summary>BT-129; below zero where something is given back.</summary>
    public required Fixed Quantity { get; init; }

    /// <summary>BT-130, UN/ECE recommendation 20.</summary>
    public required string Unit { get; init; }

    /// <summary>BT-146, never below zero (BR-27).</summary>
    public required Fixed Price { get; init; }

    /// <summary>BT-131.</summary>
    public required Fixed Amount { get; init; }

    /// <summary>BG-30.</summary>
    public required TaxKind Tax { get; init; }

    /// <summary>BG-26, the last day in it.</summary>
    public required (DateOnly From, DateOnly To) Period { get; init; }
}

/// <summary>What is taken off the whole invoice (BG-20).</summary>
/// <param name="Amount">BT-92, positive.</param>
/// <param name="Reason">BT-97.</param>
/// <param name="Tax">BT-95 and BT-96.</param>
internal sealed record Allowance(Fixed Amount, string Reason, TaxKind Tax);

/// <summary>One kind of tax and what it comes to (BG-23).</summary>
/// <param name="Kind">BT-118 and BT-119.</param>
/// <param name="Basis">BT-116.</param>
/// <param name="Amount">BT-117.</param>
/// <param name="Reason">BT-120: why there is none; null for S and Z.</param>
internal sealed record TaxSum(TaxKind Kind, Fixed Basis, Fixed Amount, string? Reason);

/// <summary>How something is taxed.</summary>
/// <param name="Category">UNTDID 5305.</param>
/// <param name="Percent">In hundredths.</param>
internal readonly record struct TaxKind(string Category, Fixed Percent)
{
    /// <summary>BT-121, the code of the reason why there is no tax; null where the list has none for the category alone.</summary>
    public string? ReasonCode => Category switch
    {
        "AE" => "VATEX-EU-AE",
        "K" => "VATEX-EU-IC",
        "G" => "VATEX-EU-G",
        "O" => "VATEX-EU-O",
        _ => null,
    };

    /// <summary>The norm's own words for why there is no tax; null for S and Z, where there is a rate.</summary>
    public string? Reason => Category switch
    {
        "AE" => "Reverse charge",
        "K" => "Intra-community supply",
        "G" => "Export outside the EU",
        "O" => "Not subject to VAT",
        "E" => "Exempt from tax",
        _ => null,
    };
}
