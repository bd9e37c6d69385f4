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

    public required string Issuer { get; init; }

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
/// <param name="Category"><c>Usage</c> or <c>Spend</c>.</param>
/// <param name="Type">What was ordered: <c>Package, Reservation, SavingsPlan</c>.</param>
/// <param name="Status"><c>Used</c>, <c>Unused</c>; null for its purchase.</param>
internal sealed record Commitment(string Id, string Name, string Category, string Type, string? Status);
