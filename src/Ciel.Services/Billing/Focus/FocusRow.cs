namespace Ciel.Services.Billing.Focus;

/// <summary>One row of FOCUS' dataset Cost and Usage. Numbers are exact decimal text; null is null in the file.</summary>
internal sealed record FocusRow
{
    public required string BilledCost { get; init; }

    public required string EffectiveCost { get; init; }

    public required string ListCost { get; init; }

    public required string ContractedCost { get; init; }

    public string? ListUnitPrice { get; init; }

    public string? ContractedUnitPrice { get; init; }

    public string? PricingQuantity { get; init; }

    public string? PricingUnit { get; init; }

    public string? PricingCategory { get; init; }

    public string? ConsumedQuantity { get; init; }

    public string? ConsumedUnit { get; init; }

    public required string BillingAccountId { get; init; }

    public required string BillingAccountName { get; init; }

    public required string Currency { get; init; }

    /// <summary>µs UTC.</summary>
    public required (long From, long To) BillingPeriod { get; init; }

    /// <summary>µs UTC.</summary>
    public required (long From, long To) ChargePeriod { get; init; }

    /// <summary><c>Usage, Purchase, Tax, Credit, Adjustment</c>.</summary>
    public required string ChargeCategory { get; init; }

    /// <summary><c>Correction</c> or null.</summary>
    public string? ChargeClass { get; init; }

    public required string ChargeDescription { get; init; }

    public required string ChargeFrequency { get; init; }

    public Commitment? Commitment { get; init; }

    public required string InvoiceId { get; init; }

    /// <summary>The invoice's line.</summary>
    public required string InvoiceDetailId { get; init; }

    public required string Issuer { get; init; }

    /// <summary>Kinds of orders that could cover it, JSON; null for none.</summary>
    public string? Programs { get; init; }

    public string? ResourceId { get; init; }

    public string? ResourceType { get; init; }

    public required FocusService Service { get; init; }

    public string? SkuId { get; init; }

    public string? SkuMeter { get; init; }

    public string? SubAccountId { get; init; }

    public string? SubAccountName { get; init; }

    /// <summary>Who bears the cost, as the customer said; null for nobody.</summary>
    public string? CostCentre { get; init; }
}

/// <summary>What a row has to do with an order that covers usage.</summary>
/// <param name="Id">The order's.</param>
/// <param name="Name">The offer's name.</param>
/// <param name="Type">What was ordered: <c>Package, Reservation, SavingsPlan</c>.</param>
/// <param name="Status"><c>Used</c>, <c>Unused</c>; null for its purchase.</param>
/// <param name="Quantity">How much of it the row bought, used or left unused; null where nobody counts.</param>
/// <param name="Unit">Of what: always the same for one order.</param>
internal sealed record Commitment(string Id, string Name, string Type, string? Status, string? Quantity, string? Unit)
{
    /// <summary><c>Usage</c> or <c>Spend</c>.</summary>
    public string Category => Type == nameof(Prices.OfferKind.SavingsPlan) ? "Spend" : "Usage";
}
