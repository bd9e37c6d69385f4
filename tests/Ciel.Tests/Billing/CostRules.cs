using System.Globalization;
using System.Text.Json;
using Row = System.Collections.Generic.Dictionary<string, string>;

namespace Ciel.Tests.Billing;

/// <summary>Rules of FOCUS 1.4 on Cost and Usage, by column and number of the rule in the text. An empty field is null.</summary>
internal static class CostRules
{
    private static readonly string[] Never =
    [
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeFrequency",
        "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingCurrency", "PricingCurrencyEffectiveCost", "ServiceCategory",
        "ServiceName", "ServiceProviderName", "ServiceSubcategory",
    ];

    private static readonly string[] Priced = ["ContractedUnitPrice", "ListUnitPrice", "PricingQuantity", "PricingUnit", "PricingCategory"];

    private static readonly (string Rule, Func<Row, bool> Holds)[] Each =
    [
        ("not null", r => Never.All(c => Is(r, c))),
        ("CU-IDI1.3.2", r => Is(r, "InvoiceDetailId") && Is(r, "InvoiceId")),
        ("CU-HPN1.3.3", r => r["HostProviderName"] == r["ServiceProviderName"]),
        ("CU-ChC1.3", r => r["ChargeClass"] is "" or "Correction"),
        ("CU-CF1.4", r => r["ChargeCategory"] != "Purchase" || r["ChargeFrequency"] != "Usage-Based"),
        ("CU-SPI1.3", r => r["ChargeCategory"] == "Tax" ? !Is(r, "SkuPriceId") : !Sold(r) || Is(r, "SkuPriceId")),
        ("CU-PQ1.3.1", r => Is(r, "SkuPriceId") || Priced.Append("ConsumedQuantity").Append("CommitmentDiscountQuantity").Append("SkuPriceDetails").All(c => !Is(r, c))),
        ("CU-CUP1.3.3", r => !Is(r, "SkuPriceId") || Priced.All(c => Is(r, c))),
        ("CU-CQ1.3", r => Is(r, "ConsumedQuantity") == (Sold(r) && r["ChargeCategory"] == "Usage" && r["CommitmentDiscountStatus"] != "Unused")),
        ("CU-CoC1.6", r => !Is(r, "ContractedUnitPrice") || Number(r, "ContractedCost") == Number(r, "ContractedUnitPrice") * Number(r, "PricingQuantity")),
        ("CU-LC1.6", r => !Is(r, "ListUnitPrice") || Number(r, "ListCost") == Number(r, "ListUnitPrice") * Number(r, "PricingQuantity")),
        ("CU-LC1.5.2", r => r["ChargeCategory"] != "Credit" || Number(r, "ListCost") == Number(r, "BilledCost")),
        ("CU-EC1.6", r => r["ChargeCategory"] == "Adjustment" || Is(r, "CommitmentDiscountId") || Number(r, "EffectiveCost") == Number(r, "BilledCost")),
        ("CU-EC1.11", r => r["ChargeCategory"] != "Purchase" || !Is(r, "CommitmentDiscountId") || Number(r, "EffectiveCost") == 0),
        ("CU-CDI1.4", r => (r["ChargeCategory"] != "Purchase" && r["CommitmentDiscountStatus"] != "Unused") || !Is(r, "CommitmentDiscountId") || r["CommitmentDiscountId"] == r["ResourceId"]),
        ("CU-CDS1.2", r => Is(r, "CommitmentDiscountStatus") == (Is(r, "CommitmentDiscountId") && r["ChargeCategory"] == "Usage")),
        ("CU-CDQ1.3", r => Is(r, "CommitmentDiscountQuantity") == (Is(r, "CommitmentDiscountId") && Sold(r)) && Is(r, "CommitmentDiscountQuantity") == Is(r, "CommitmentDiscountUnit")),
        ("CU-PC1.3.3", r => r["CommitmentDiscountStatus"] is not ("Used" or "Unused") || r["PricingCategory"] == "Committed"),
        ("CU-CA1.4", r => Is(r, "ContractApplied") == Is(r, "CommitmentDiscountId")),
        ("CU-CA2.1", r => !Is(r, "ContractApplied") || Json(r, "ContractApplied").GetProperty("Elements").EnumerateArray().All(One)),
        ("CU-CA2.7", r => !Is(r, "ContractApplied") || Json(r, "ContractApplied").GetProperty("Elements")[0].GetProperty("ContractCommitmentId").GetString() == r["CommitmentDiscountId"]),
        ("CU-CPED2.3", r => !Is(r, "CommitmentDiscountType") || !Is(r, "CommitmentProgramEligibilityDetails")
            || Json(r, "CommitmentProgramEligibilityDetails").GetProperty("CommitmentPrograms").EnumerateArray().Any(p => p.GetProperty("ProgramType").GetString() == r["CommitmentDiscountType"])),
        ("CU-RT1.3", r => Is(r, "ResourceType") == Is(r, "ResourceId")),
        ("CU-SAN1.3", r => Is(r, "SubAccountName") == Is(r, "SubAccountId") && Is(r, "SubAccountType") == Is(r, "SubAccountId")),
        ("CU-RN1.3", r => Is(r, "RegionName") == Is(r, "RegionId")),
        ("no split costs", r => r.Where(c => c.Key.StartsWith("Allocated", StringComparison.Ordinal)).All(c => c.Value.Length == 0)),
    ];

    /// <summary>The rules that some row, or all of them together, break.</summary>
    public static List<string> Broken(List<Row> rows) => [.. Each.Where(rule => !rows.TrueForAll(r => rule.Holds(r))).Select(rule => rule.Rule), .. Together(rows)];

    private static IEnumerable<string> Together(List<Row> rows)
    {
        var committed = rows.Where(r => Is(r, "CommitmentDiscountId")).GroupBy(r => r["CommitmentDiscountId"]).ToList();
        if (committed.Exists(g => g.Select(r => r["CommitmentDiscountUnit"]).Distinct().Count() > 1))
        {
            yield return "CU-CDU1.5.1";
        }

        if (committed.Exists(g => g.Select(r => (r["CommitmentDiscountName"], r["CommitmentDiscountType"], r["CommitmentDiscountCategory"])).Distinct().Count() > 1))
        {
            yield return "one commitment, one name";
        }

        // What was paid for orders is what their usage and their idle time cost.
        if (committed.Exists(g => g.Sum(r => Number(r, "EffectiveCost")) != g.Sum(r => Number(r, "BilledCost"))))
        {
            yield return "CU-EC1.13";
        }

        foreach (var group in rows.GroupBy(r => r["InvoiceId"]))
        {
            var (taxes, rest) = (group.Where(r => r["ChargeCategory"] == "Tax").ToList(), group.Where(r => r["ChargeCategory"] != "Tax").ToList());
            if (taxes.Sum(r => Number(r, "ListCost")) > rest.Sum(r => Math.Abs(Number(r, "ListCost"))) * 0.19m)
            {
                yield return "CU-LC1.5.1";
            }
        }
    }

    private static bool One(JsonElement element) =>
        element.GetProperty("ContractId").ValueKind == JsonValueKind.String
        && (element.TryGetProperty("ContractCommitmentAppliedCost", out var cost) ? cost.ValueKind == JsonValueKind.Number && !element.TryGetProperty("ContractCommitmentAppliedQuantity", out _)
            : element.GetProperty("ContractCommitmentAppliedQuantity").ValueKind == JsonValueKind.Number && element.GetProperty("ContractCommitmentAppliedUnit").ValueKind == JsonValueKind.String);

    private static bool Sold(Row row) => row["ChargeCategory"] is "Usage" or "Purchase" && row["ChargeClass"].Length == 0;

    private static bool Is(Row row, string column) => row[column].Length > 0;

    private static decimal Number(Row row, string column) => decimal.Parse(row[column], CultureInfo.InvariantCulture);

    private static JsonElement Json(Row row, string column) => JsonDocument.Parse(row[column]).RootElement;
}
