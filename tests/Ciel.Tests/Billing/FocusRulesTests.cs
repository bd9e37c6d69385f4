using System.Globalization;
using System.Text.Json;
using Row = System.Collections.Generic.Dictionary<string, string>;

namespace Ciel.Tests.Billing;

/// <summary>
/// FOCUS 1.4's own rules on the four datasets, worked by hand from the specification: its machine-readable rules end with 1.2. Each
/// failure names its rule.
/// </summary>
public sealed class FocusRulesTests
{
    [Fact]
    public async Task Cost_and_usage_keeps_the_rules_of_1_4()
    {
        await using var cloud = await FocusSample.Cloud("sqlite");
        var rows = await Rows(cloud, "CostAndUsage");
        CostRules.Broken(rows).ShouldBeEmpty();

        // Of every order that covers usage something was used, and of the reservation, which never slept, something was not.
        rows.Where(r => r["CommitmentDiscountStatus"] == "Used").Select(r => r["CommitmentDiscountType"]).Distinct().Order().ShouldBe(["Package", "Reservation"]);
        rows.Where(r => r["CommitmentDiscountStatus"] == "Unused").Select(r => r["CommitmentDiscountType"]).Distinct().ShouldBe(["Reservation"]);
        rows.Where(r => r["SkuId"] == "machine" && r["ChargeClass"].Length == 0).ShouldAllBe(r =>
            r["CommitmentProgramEligibilityDetails"] == """{"CommitmentPrograms":[{"ProgramType":"Package"},{"ProgramType":"Reservation"}]}""");
        rows.Where(r => r["SkuId"] == "disk").ShouldAllBe(r => r["CommitmentProgramEligibilityDetails"].Length == 0);
    }

    [Theory]
    [InlineData("InvoiceDetailId", "", "CU-IDI1.3.2")]
    [InlineData("ContractApplied", "", "CU-CA1.4")]
    [InlineData("EffectiveCost", "7", "CU-EC1.6")]
    [InlineData("ListCost", "-7", "CU-LC1.6")]
    [InlineData("ResourceId", "somebody's", "CU-CDI1.4")]
    [InlineData("PricingCategory", "Standard", "CU-PC1.3.3")]
    [InlineData("CommitmentDiscountUnit", "Cows", "CU-CDU1.5.1")]
    [InlineData("CommitmentProgramEligibilityDetails", """{"CommitmentPrograms":[{"ProgramType":"Luck"}]}""", "CU-CPED2.3")]
    [InlineData("HostProviderName", "", "CU-HPN1.3.3")]
    public async Task A_rule_that_is_broken_is_seen(string column, string value, string rule)
    {
        await using var cloud = await FocusSample.Cloud("sqlite");
        var rows = await Rows(cloud, "CostAndUsage");
        var spoilt = rows.Select((r, i) => new Row(r) { [column] = r[column].Length == 0 || (column == "CommitmentDiscountUnit" && i % 2 == 0) ? r[column] : value }).ToList();
        CostRules.Broken(spoilt).ShouldContain(rule);
    }

    [Fact]
    public async Task Invoice_detail_is_the_invoice_line_by_line_and_adds_up_to_cost_and_usage()
    {
        await using var cloud = await FocusSample.Cloud("sqlite");
        var (costs, details) = (await Rows(cloud, "CostAndUsage"), await Rows(cloud, "InvoiceDetail"));
        var invoices = (await cloud.Get("/invoices")).GetProperty("invoices").EnumerateArray().ToDictionary(i => i.GetProperty("number").GetString()!);
        details.Select(d => (d["InvoiceId"], d["InvoiceDetailId"])).Distinct().Count().ShouldBe(details.Count);
        costs.Select(c => (c["InvoiceId"], c["InvoiceDetailId"])).Except(details.Select(d => (d["InvoiceId"], d["InvoiceDetailId"]))).ShouldBeEmpty();
        foreach (var line in details)
        {
            var same = costs.Where(c => (c["InvoiceId"], c["InvoiceDetailId"]) == (line["InvoiceId"], line["InvoiceDetailId"])).ToList();
            FocusSample.Sum(same, "BilledCost").ShouldBe(Number(line["BilledCost"]));
            same.ShouldAllBe(c => c["BillingPeriodStart"] == line["BillingPeriodStart"] && c["BillingPeriodEnd"] == line["BillingPeriodEnd"]);
            JsonDocument.Parse(line["InvoiceDetailGrain"]).RootElement.EnumerateObject().ShouldAllBe(p => p.Name.StartsWith("x_", StringComparison.Ordinal) || p.Name == "ServiceName" || p.Name == "SkuId" || p.Name == "SkuMeter");
            line["PaymentTerms"].ShouldBe(invoices[line["InvoiceId"]].GetProperty("corrects").GetString() is null ? "Net 14" : "Net 0");
            line["InvoiceIssueStatus"].ShouldBe("Issued");
            string.CompareOrdinal(line["InvoiceDetailLastUpdated"], line["InvoiceDetailCreated"]).ShouldBeGreaterThanOrEqualTo(0);
            line["ReferenceInvoiceId"].ShouldBe(
                invoices[line["InvoiceId"]].GetProperty("corrects").GetString() ?? (line["InvoiceDetailGrain"].Contains("\"correction\"", StringComparison.Ordinal) ? costs[0]["InvoiceId"] : line["InvoiceId"]));
        }

        foreach (var (number, invoice) in invoices)
        {
            FocusSample.Sum(details.Where(d => d["InvoiceId"] == number), "BilledCost").ShouldBe(invoice.GetProperty("total").GetDecimal());
        }
    }

    [Fact]
    public async Task Billing_periods_are_closed_no_earlier_than_their_last_invoice_line()
    {
        await using var cloud = await FocusSample.Cloud("sqlite");
        var (details, periods) = (await Rows(cloud, "InvoiceDetail"), await Rows(cloud, "BillingPeriod"));
        periods.Count(p => p["BillingPeriodStatus"] == "Open").ShouldBe(1);
        periods.Last()["BillingPeriodStatus"].ShouldBe("Open");
        periods.Select(p => (p["BillingPeriodStart"], p["InvoiceIssuerName"])).Distinct().Count().ShouldBe(periods.Count);
        foreach (var line in details)
        {
            var period = periods.Single(p => (p["BillingPeriodStart"], p["InvoiceIssuerName"]) == (line["BillingPeriodStart"], line["InvoiceIssuerName"]));
            period["BillingPeriodStatus"].ShouldBe("Closed");
            string.CompareOrdinal(period["BillingPeriodLastUpdated"], line["InvoiceDetailCreated"]).ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    [Fact]
    public async Task Contract_commitments_are_the_orders_that_cover_usage()
    {
        await using var cloud = await FocusSample.Cloud("sqlite");
        var (costs, commitments) = (await Rows(cloud, "CostAndUsage"), await Rows(cloud, "ContractCommitment"));
        commitments.Select(c => c["ContractCommitmentType"]).ShouldBe(["Package", "Reservation"], ignoreOrder: true);
        costs.Where(c => c["ContractApplied"].Length > 0)
            .Select(c => JsonDocument.Parse(c["ContractApplied"]).RootElement.GetProperty("Elements")[0].GetProperty("ContractCommitmentId").GetString()).Distinct()
            .ShouldBe(commitments.Select(c => c["ContractCommitmentId"]), ignoreOrder: true);
        var package = commitments.Single(c => c["ContractCommitmentType"] == "Package");
        (package["ContractCommitmentQuantity"], package["ContractCommitmentUnit"], package["ContractCommitmentCost"]).ShouldBe(("10", "Server-Hours", "4"));
        (package["ContractCommitmentLifecycleStatus"], package["ContractCommitmentDurationType"], package["ContractCommitmentPaymentInterval"]).ShouldBe(("Exhausted", "1 Year", "One-Time"));

        // Ten hours for 4 are 0.4 an hour: no less than the list's 0.0333333333.
        package["ContractCommitmentDiscountPercentage"].ShouldBe("0");
        var reservation = commitments.Single(c => c["ContractCommitmentType"] == "Reservation");
        (reservation["ContractCommitmentModel"], reservation["ContractCommitmentFulfillmentInterval"], reservation["ContractCommitmentLifecycleStatus"]).ShouldBe(("Continuous", "Hourly", "Active"));

        // A twelfth of a year's hours at 0.025 each; against 0.0333333333 that is a quarter less.
        Number(reservation["ContractCommitmentCost"]).ShouldBe(Number(reservation["ContractCommitmentQuantity"]) * 0.025m);
        Number(reservation["ContractCommitmentDiscountPercentage"]).ShouldBe(0.25m, 0.000000001m);
        reservation["ContractCommitmentApplicability"].ShouldBe("""{"InclusionOperator":"And","Inclusions":[{"Dimension":"SkuId","Operator":"In","Values":["machine"]}]}""");
    }

    [Theory]
    [InlineData("/focus?dataset=InvoiceDetail&version=1.3", 400)]
    [InlineData("/focus?dataset=ContractCommitment&version=1.2", 400)]
    [InlineData("/focus?dataset=ContractCommitment&version=1.3", 200)]
    [InlineData("/focus?dataset=Recommendation", 400)]
    [InlineData("/focus?version=1.5", 400)]
    [InlineData("/focus?columns=BilledCost,Mood", 400)]
    [InlineData("/focus?dataset=BillingPeriod&format=parquet", 200)]
    public async Task Only_what_is_published_is_offered(string path, int status)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        (await cloud.Send(HttpMethod.Get, path)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Who_wants_some_columns_gets_those()
    {
        await using var cloud = await FocusSample.Cloud("sqlite");
        (await FocusSample.Text(cloud, "/focus?columns=ServiceName,BilledCost")).ShouldStartWith("BilledCost,ServiceName\r\n");
    }

    private static async Task<List<Row>> Rows(BillingCloud cloud, string dataset) => FocusSample.Read(await FocusSample.Text(cloud, "/focus?dataset=" + dataset));

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
