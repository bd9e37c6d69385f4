using System.Text.Json;

namespace Ciel.Services.Billing.Focus;

/// <summary>A column of the dataset Cost and Usage.</summary>
/// <param name="Name">FOCUS' column id.</param>
/// <param name="Kind">Its data type.</param>
/// <param name="Of">A row's value: text, exact decimal text, or µs UTC.</param>
/// <param name="Since">The first version that has it; null for 1.2 and before.</param>
/// <param name="Until">The last version that has it; null for all that are known.</param>
internal sealed record FocusColumn(string Name, FocusType Kind, Func<FocusRow, object?> Of, string? Since = null, string? Until = null)
{
    /// <summary>The versions that are exported.</summary>
    public static readonly IReadOnlyList<string> Versions = ["1.2", "1.3", "1.4"];

    private static readonly FocusColumn[] All =
    [
        .. Missing("1.3", "AllocatedMethodDetails", "AllocatedMethodId", "AllocatedResourceId", "AllocatedResourceName", "AllocatedTags"),
        .. Missing(null, "AvailabilityZone"),
        Number("BilledCost", r => r.BilledCost),
        Text("BillingAccountId", r => r.BillingAccountId),
        Text("BillingAccountName", r => r.BillingAccountName),
        Text("BillingAccountType", _ => "Account"),
        Text("BillingCurrency", r => r.Currency),
        Time("BillingPeriodEnd", r => r.BillingPeriod.To),
        Time("BillingPeriodStart", r => r.BillingPeriod.From),
        .. Missing(null, "CapacityReservationId", "CapacityReservationStatus"),
        Text("ChargeCategory", r => r.ChargeCategory),
        Text("ChargeClass", r => r.ChargeClass),
        Text("ChargeDescription", r => r.ChargeDescription),
        Text("ChargeFrequency", r => r.ChargeFrequency),
        Time("ChargePeriodEnd", r => r.ChargePeriod.To),
        Time("ChargePeriodStart", r => r.ChargePeriod.From),
        Text("CommitmentDiscountCategory", r => r.Commitment?.Category),
        Text("CommitmentDiscountId", r => r.Commitment?.Id),
        Text("CommitmentDiscountName", r => r.Commitment?.Name),
        Number("CommitmentDiscountQuantity", r => r.Commitment is null ? null : r.PricingQuantity),
        Text("CommitmentDiscountStatus", r => r.Commitment?.Status),
        Text("CommitmentDiscountType", r => r.Commitment?.Type),
        Text("CommitmentDiscountUnit", r => r.Commitment is null ? null : r.PricingUnit),
        .. Missing("1.4", "CommitmentProgramEligibilityDetails"),
        Number("ConsumedQuantity", r => r.ConsumedQuantity),
        Text("ConsumedUnit", r => r.ConsumedUnit),
        .. Missing("1.3", "ContractApplied"),
        Number("ContractedCost", r => r.ContractedCost),
        Number("ContractedUnitPrice", r => r.ContractedUnitPrice),
        Number("EffectiveCost", r => r.EffectiveCost),
        Text("HostProviderName", r => r.Issuer) with { Since = "1.3" },
        .. Missing("1.4", "InvoiceDetailId"),
        Text("InvoiceId", r => r.InvoiceId),
        Text("InvoiceIssuerName", r => r.Issuer),
        Number("ListCost", r => r.ListCost),
        Number("ListUnitPrice", r => r.ListUnitPrice),
        Text("PricingCategory", r => r.PricingCategory),
        Text("PricingCurrency", r => r.Currency),
        Number("PricingCurrencyContractedUnitPrice", r => r.ContractedUnitPrice),
        Number("PricingCurrencyEffectiveCost", r => r.EffectiveCost),
        Number("PricingCurrencyListUnitPrice", r => r.ListUnitPrice),
        Number("PricingQuantity", r => r.PricingQuantity),
        Text("PricingUnit", r => r.PricingUnit),
        Text("ProviderName", r => r.Issuer) with { Until = "1.3" },
        Text("PublisherName", r => r.Issuer) with { Until = "1.3" },
        Text("RegionId", r => r.ResourceId is null ? null : Region),
        Text("RegionName", r => r.ResourceId is null ? null : Region),
        Text("ResourceId", r => r.ResourceId),
        .. Missing(null, "ResourceName"),
        Text("ResourceType", r => r.ResourceType),
        Text("ServiceCategory", r => r.Service.Category),
        Text("ServiceName", r => r.Service.Subcategory),
        Text("ServiceProviderName", r => r.Issuer) with { Since = "1.3" },
        Text("ServiceSubcategory", r => r.Service.Subcategory),
        Text("SkuId", r => r.SkuId),
        Text("SkuMeter", r => r.SkuMeter),
        .. Missing(null, "SkuPriceDetails"),
        Text("SkuPriceId", r => r.SkuId),
        Text("SubAccountId", r => r.SubAccountId),
        Text("SubAccountName", r => r.SubAccountName),
        Text("SubAccountType", r => r.SubAccountId is null ? null : "Project"),
        Text("Tags", r => r.CostCentre is { } centre ? $$"""{"ciel:cost-centre":{{JsonSerializer.Serialize(centre)}}}""" : null),
    ];

    // The one region that a cloud has; Keystone's catalog calls it so too.
    private const string Region = "RegionOne";

    /// <summary>A version's columns, in the order of their names.</summary>
    public static IReadOnlyList<FocusColumn> In(string version) =>
        [.. All.Where(c => (c.Since is null || string.CompareOrdinal(c.Since, version) <= 0) && (c.Until is null || string.CompareOrdinal(version, c.Until) <= 0))];

    private static FocusColumn Text(string name, Func<FocusRow, object?> of) => new(name, FocusType.Text, of);

    private static FocusColumn Number(string name, Func<FocusRow, object?> of) => new(name, FocusType.Number, of);

    private static FocusColumn Time(string name, Func<FocusRow, object?> of) => new(name, FocusType.Time, of);

    // What a cloud of one zone, without reservations of capacity and without split costs, has nothing to say of.
    private static IEnumerable<FocusColumn> Missing(string? since, params string[] names) => names.Select(n => new FocusColumn(n, FocusType.Text, _ => null, since));
}

/// <summary>FOCUS' data types.</summary>
internal enum FocusType
{
    /// <summary>A string, or JSON.</summary>
    Text,

    /// <summary>A decimal number.</summary>
    Number,

    /// <summary>Date and time, UTC.</summary>
    Time,
}
