using Column = Ciel.Services.Billing.Focus.FocusColumn<Ciel.Services.Billing.Focus.FocusRow>;

namespace Ciel.Services.Billing.Focus;

/// <summary>The dataset Cost and Usage: a row for each resource's share of an invoice's line. What a cloud of one zone, without reservations of
/// capacity and without split costs, has nothing to say of is empty.</summary>
internal static class CostAndUsage
{
    private static readonly Column[] All =
    [
        .. Column.Missing("1.3", "AllocatedMethodDetails", "AllocatedMethodId", "AllocatedResourceId", "AllocatedResourceName", "AllocatedTags"),
        .. Column.Missing(null, "AvailabilityZone"),
        Column.Number("BilledCost", r => r.BilledCost),
        Column.Text("BillingAccountId", r => r.BillingAccountId),
        Column.Text("BillingAccountName", r => r.BillingAccountName),
        Column.Text("BillingAccountType", _ => "Account"),
        Column.Text("BillingCurrency", r => r.Currency),
        Column.Time("BillingPeriodEnd", r => r.BillingPeriod.To),
        Column.Time("BillingPeriodStart", r => r.BillingPeriod.From),
        .. Column.Missing(null, "CapacityReservationId", "CapacityReservationStatus"),
        Column.Text("ChargeCategory", r => r.ChargeCategory),
        Column.Text("ChargeClass", r => r.ChargeClass),
        Column.Text("ChargeDescription", r => r.ChargeDescription),
        Column.Text("ChargeFrequency", r => r.ChargeFrequency),
        Column.Time("ChargePeriodEnd", r => r.ChargePeriod.To),
        Column.Time("ChargePeriodStart", r => r.ChargePeriod.From),
        Column.Text("CommitmentDiscountCategory", r => r.Commitment?.Category),
        Column.Text("CommitmentDiscountId", r => r.Commitment?.Id),
        Column.Text("CommitmentDiscountName", r => r.Commitment?.Name),
        Column.Number("CommitmentDiscountQuantity", r => r.Commitment?.Quantity),
        Column.Text("CommitmentDiscountStatus", r => r.Commitment?.Status),
        Column.Text("CommitmentDiscountType", r => r.Commitment?.Type),
        Column.Text("CommitmentDiscountUnit", r => r.Commitment?.Unit),
        Column.Text("CommitmentProgramEligibilityDetails", r => r.Programs) with { Since = "1.4" },
        Column.Number("ConsumedQuantity", r => r.ConsumedQuantity),
        Column.Text("ConsumedUnit", r => r.ConsumedUnit),
        Column.Text("ContractApplied", r => FocusJson.Applied(r.Commitment)) with { Since = "1.3" },
        Column.Number("ContractedCost", r => r.ContractedCost),
        Column.Number("ContractedUnitPrice", r => r.ContractedUnitPrice),
        Column.Number("EffectiveCost", r => r.EffectiveCost),
        Column.Text("HostProviderName", r => r.Issuer) with { Since = "1.3" },
        Column.Text("InvoiceDetailId", r => r.InvoiceDetailId) with { Since = "1.4" },
        Column.Text("InvoiceId", r => r.InvoiceId),
        Column.Text("InvoiceIssuerName", r => r.Issuer),
        Column.Number("ListCost", r => r.ListCost),
        Column.Number("ListUnitPrice", r => r.ListUnitPrice),
        Column.Text("PricingCategory", r => r.PricingCategory),
        Column.Text("PricingCurrency", r => r.Currency),
        Column.Number("PricingCurrencyContractedUnitPrice", r => r.ContractedUnitPrice),
        Column.Number("PricingCurrencyEffectiveCost", r => r.EffectiveCost),
        Column.Number("PricingCurrencyListUnitPrice", r => r.ListUnitPrice),
        Column.Number("PricingQuantity", r => r.PricingQuantity),
        Column.Text("PricingUnit", r => r.PricingUnit),
        Column.Text("ProviderName", r => r.Issuer) with { Until = "1.3" },
        Column.Text("PublisherName", r => r.Issuer) with { Until = "1.3" },
        Column.Text("RegionId", r => r.ResourceId is null ? null : Region),
        Column.Text("RegionName", r => r.ResourceId is null ? null : Region),
        Column.Text("ResourceId", r => r.ResourceId),
        .. Column.Missing(null, "ResourceName"),
        Column.Text("ResourceType", r => r.ResourceType),
        Column.Text("ServiceCategory", r => r.Service.Category),
        Column.Text("ServiceName", r => r.Service.Subcategory),
        Column.Text("ServiceProviderName", r => r.Issuer) with { Since = "1.3" },
        Column.Text("ServiceSubcategory", r => r.Service.Subcategory),
        Column.Text("SkuId", r => r.SkuId),
        Column.Text("SkuMeter", r => r.SkuMeter),
        .. Column.Missing(null, "SkuPriceDetails"),
        Column.Text("SkuPriceId", r => r.PricingQuantity is null ? null : r.SkuId),
        Column.Text("SubAccountId", r => r.SubAccountId),
        Column.Text("SubAccountName", r => r.SubAccountName),
        Column.Text("SubAccountType", r => r.SubAccountId is null ? null : "Project"),
        Column.Text("Tags", r => r.CostCentre is { } centre ? FocusJson.Of("ciel:cost-centre", centre) : null),
    ];

    // The one region that a cloud has; Keystone's catalog calls it so too.
    private const string Region = "RegionOne";

    /// <summary>A version's columns, in the order of their names.</summary>
    public static IReadOnlyList<Column> In(string version) => [.. All.Where(c => c.IsIn(version))];
}
