using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Tests.Billing;

/// <summary>
/// E-invoices worked by hand, term by term (BT numbers of EN 16931-1). With CIEL_EINVOICE_SAMPLES=DIR the files are kept there, for the norm's own
/// validator.
/// </summary>
public sealed class EInvoiceGolden
{
    private static readonly XNamespace Ram = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";

    private static readonly TaxRate[] Mixed =
        [SamplePaper.Rate("S", "19"), SamplePaper.Rate("S", "7", "reduced"), SamplePaper.Rate("Z", "0", "zero"), SamplePaper.Rate("E", "0", "exempt")];

    [Fact]
    public void Two_rates_zero_and_exempt_stand_on_one_invoice_each_with_its_sum()
    {
        // 100 + 50 at 19 %, less a coupon of 30: 120, tax 22.80; 10.05 at 7 %: 0.7035, so 0.70; 4 at zero; 6 exempt. 140.05 + 23.50.
        var settlement = Settlement("mixed", SamplePaper.Of(
            [
                SamplePaper.Charge(ChargeKind.Usage, "100", "1", "100"), SamplePaper.Charge(ChargeKind.Usage, "100", "0.5", "50"), SamplePaper.Charge(ChargeKind.Coupon, "1", "-30", "-30"),
                SamplePaper.Charge(ChargeKind.Usage, "1", "10.05", "10.05", "reduced"), SamplePaper.Charge(ChargeKind.Usage, "4", "1", "4", "zero"),
                SamplePaper.Charge(ChargeKind.Usage, "6", "1", "6", "exempt"),
            ],
            Mixed));
        Taxes(settlement).ShouldBe(["E 0 6.00 0.00 Exempt from tax", "S 7 10.05 0.70 ", "S 19 120.00 22.80 ", "Z 0 4.00 0.00 "]);
        var allowance = settlement.Element(Ram + "SpecifiedTradeAllowanceCharge")!;
        (Value(allowance, "ActualAmount"), Value(allowance, "ReasonCode"), Value(allowance, "CategoryCode"), Value(allowance, "RateApplicablePercent")).ShouldBe(("30.00", "95", "S", "19"));
        Sums(settlement).ShouldBe("lines 170.05, allowances 30.00, net 140.05, tax 23.50, total 163.55, prepaid , due 163.55");
    }

    [Theory]
    [InlineData("AE", "FR", "FR12345678901", "VATEX-EU-AE", "Reverse charge")]
    [InlineData("K", "FR", "FR12345678901", "VATEX-EU-IC", "Intra-community supply")]
    [InlineData("G", "US", null, "VATEX-EU-G", "Export outside the EU")]
    [InlineData("O", "US", null, "VATEX-EU-O", "Not subject to VAT")]
    public void Why_there_is_no_tax_is_said_as_code_and_in_words(string category, string country, string? number, string code, string words)
    {
        var settlement = Settlement(category, SamplePaper.Of(
            [SamplePaper.Charge(ChargeKind.Usage, "100", "0.5", "50"), SamplePaper.Charge(ChargeKind.Discount, "1", "-5", "-5")], [SamplePaper.Rate(category, "0")],
            SamplePaper.Buyer with { Country = country, TaxNumber = number }));
        var tax = settlement.Elements(Ram + "ApplicableTradeTax").Single();
        (Value(tax, "ExemptionReasonCode"), Value(tax, "ExemptionReason"), Value(tax, "BasisAmount"), Value(tax, "CalculatedAmount")).ShouldBe((code, words, "45.00", "0.00"));
    }

    [Fact]
    public void What_the_balance_paid_ahead_is_taken_from_what_is_due()
    {
        // 50 and 19 % are 59.50; 20 were there (BT-113): 39.50 are due (BT-115).
        var paper = SamplePaper.Of([SamplePaper.Charge(ChargeKind.Usage, "100", "0.5", "50")], Mixed);
        var settlement = Settlement("prepaid", paper with { Invoice = paper.Invoice with { Prepaid = "20" } });
        Sums(settlement).ShouldBe("lines 50.00, allowances , net 50.00, tax 9.50, total 59.50, prepaid 20.00, due 39.50");
    }

    [Fact]
    public void A_credit_note_is_positive_names_its_invoice_and_asks_for_no_payment()
    {
        var settlement = Settlement("credit-note", SamplePaper.Of([SamplePaper.Charge(ChargeKind.Credit, "1", "-19.33", "-19.33")], Mixed, kind: "credit-note"));
        Taxes(settlement).ShouldBe(["S 19 19.33 3.67 "]);
        var reference = settlement.Element(Ram + "InvoiceReferencedDocument")!;
        (Value(reference, "IssuerAssignedID"), reference.Descendants().Last().Value).ShouldBe(("INV-000000", "20260201"));
        settlement.Element(Ram + "SpecifiedTradeSettlementPaymentMeans").ShouldBeNull();
    }

    [Fact]
    public void References_period_and_bank_stand_where_the_norm_wants_them()
    {
        var buyer = SamplePaper.Buyer with { Details = """{"reference":"04011000-1234512345-35","order":"4711","cost_centre":"R&D 7","email":"ap@acme.example"}""" };
        var settlement = Settlement("references", SamplePaper.Of([SamplePaper.Charge(ChargeKind.Usage, "1", "1", "1")], Mixed, buyer));
        var all = settlement.Document!;
        Value(all.Descendants(Ram + "ApplicableHeaderTradeAgreement").Single(), "BuyerReference").ShouldBe("04011000-1234512345-35"); // BT-10
        all.Descendants(Ram + "BuyerOrderReferencedDocument").Single().Value.ShouldBe("4711"); // BT-13
        settlement.Element(Ram + "ReceivableSpecifiedTradeAccountingAccount")!.Value.ShouldBe("R&D 7"); // BT-19
        settlement.Element(Ram + "BillingSpecifiedPeriod")!.Descendants().Where(e => !e.HasElements).Select(e => e.Value).ShouldBe(["20260101", "20260131"]); // BT-73, BT-74
        settlement.Element(Ram + "PaymentReference")!.Value.ShouldBe("INV-000001"); // BT-83
        Value(settlement.Element(Ram + "SpecifiedTradeSettlementPaymentMeans")!, "IBANID").ShouldBe("DE89370400440532013000"); // BT-84
        Value(settlement.Element(Ram + "SpecifiedTradeSettlementPaymentMeans")!, "TypeCode").ShouldBe("58"); // BT-81
        all.Descendants(Ram + "BuyerTradeParty").Single().Descendants(Ram + "URIID").Single().Attribute("schemeID")!.Value.ShouldBe("EM"); // BT-49
    }

    [Fact]
    public void Money_without_decimals_has_none_and_money_with_three_is_no_e_invoice()
    {
        // 333.4 and 333.4 yen are 333 each; a tenth of 666 is 66.6, so 67.
        var buyer = SamplePaper.Buyer with { Currency = "JPY" };
        var settlement = Settlement("yen", SamplePaper.Of(
            [SamplePaper.Charge(ChargeKind.Usage, "1", "333.4", "333.4"), SamplePaper.Charge(ChargeKind.Usage, "1", "333.4", "333.4")], [SamplePaper.Rate("S", "10")], buyer));
        Sums(settlement).ShouldBe("lines 666, allowances , net 666, tax 67, total 733, prepaid , due 733");
        Value(settlement.Element(Ram + "SpecifiedTradeSettlementPaymentMeans")!, "TypeCode").ShouldBe("30");
        EInvoiceNeeds.Of(EInvoiceMaker.Of(SamplePaper.Of([SamplePaper.Charge(ChargeKind.Usage, "1", "1", "1")], Mixed, buyer with { Currency = "KWD" }))).ShouldHaveSingleItem().ShouldContain("KWD has 3");
    }

    [Fact]
    public void Classes_with_one_rate_are_one_tax_rounded_once()
    {
        // 0.03 and 0.03 at 19 %: 0.0114 on both, so 0.01; each by itself would be 0.01 too, and their sum 0.02 (BR-CO-17).
        var settlement = Settlement("classes", SamplePaper.Of(
            [SamplePaper.Charge(ChargeKind.Usage, "1", "0.03", "0.03"), SamplePaper.Charge(ChargeKind.Usage, "1", "0.03", "0.03", "other")],
            [SamplePaper.Rate("S", "19"), SamplePaper.Rate("S", "19", "other")]));
        Taxes(settlement).ShouldBe(["S 19 0.06 0.01 "]);
    }

    [Fact]
    public void A_standard_rate_of_nothing_is_a_zero_rate() =>
        Taxes(Settlement("zero", SamplePaper.Of([SamplePaper.Charge(ChargeKind.Usage, "1", "3", "3")], [SamplePaper.Rate("S", "0")]))).ShouldBe(["Z 0 3.00 0.00 "]);

    private static XElement Settlement(string name, Paper paper)
    {
        var invoice = EInvoiceMaker.Of(paper);
        EInvoiceNeeds.Of(invoice).ShouldBeEmpty();
        var bytes = Cii.Of(invoice);
        if (Environment.GetEnvironmentVariable("CIEL_EINVOICE_SAMPLES") is { } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, name + ".xml"), bytes);
        }

        return XDocument.Parse(Encoding.UTF8.GetString(bytes)).Descendants(Ram + "ApplicableHeaderTradeSettlement").Single();
    }

    private static IEnumerable<string> Taxes(XElement settlement) => settlement.Elements(Ram + "ApplicableTradeTax").Select(t =>
        $"{Value(t, "CategoryCode")} {Value(t, "RateApplicablePercent")} {Value(t, "BasisAmount")} {Value(t, "CalculatedAmount")} {Value(t, "ExemptionReason")}");

    private static string Sums(XElement settlement)
    {
        var sums = settlement.Element(Ram + "SpecifiedTradeSettlementHeaderMonetarySummation")!;
        return string.Create(CultureInfo.InvariantCulture, $"lines {Value(sums, "LineTotalAmount")}, allowances {Value(sums, "AllowanceTotalAmount")}, net {Value(sums, "TaxBasisTotalAmount")}, ")
            + $"tax {Value(sums, "TaxTotalAmount")}, total {Value(sums, "GrandTotalAmount")}, prepaid {Value(sums, "TotalPrepaidAmount")}, due {Value(sums, "DuePayableAmount")}";
    }

    private static string? Value(XElement parent, string name) => parent.Descendants(Ram + name).FirstOrDefault()?.Value;
}
