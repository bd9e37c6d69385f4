using System.Xml.Linq;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Rating;
using CsCheck;

namespace Ciel.Tests.Billing;

/// <summary>EN 16931's rules on what is made of issued invoices. The rules are read from the XML, as a receiver would.</summary>
public sealed class EInvoiceTests
{
    private static readonly XNamespace Ram = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";

    private static readonly ChargeKind[] Kinds = [ChargeKind.Usage, ChargeKind.Usage, ChargeKind.Package, ChargeKind.Discount, ChargeKind.Correction, ChargeKind.Coupon];
    private static readonly string[] Classes = ["standard", "reduced", "none"];

    [Fact]
    public void An_invoice_keeps_the_rules_of_arithmetic_whatever_ran()
    {
        var charge =
            from kind in Gen.Int[0, Kinds.Length - 1].Select(i => Kinds[i])
            from quantity in Gen.Int[0, 1_000_000]
            from each in Gen.Int[0, 1_000_000]
            from tax in Gen.Int[0, 2].Select(i => Classes[i])
            let exact = Fixed.Of(quantity * (Int128)10_000_000).Times(Fixed.Of(each * (Int128)1_000_000))
            let amount = kind is ChargeKind.Discount or ChargeKind.Coupon or ChargeKind.Correction ? -exact : kind == ChargeKind.Package ? Fixed.Zero : exact
            select SamplePaper.Charge(kind, Fixed.Of(quantity * (Int128)10_000_000).ToString(), Fixed.Of(each * (Int128)1_000_000).ToString(), amount.ToString(), tax);
        charge.List[1, 12].Sample(
            charges =>
            {
                var paper = SamplePaper.Of(charges, [SamplePaper.Rate("S", "19"), SamplePaper.Rate("S", "7", "reduced")]);
                var invoice = EInvoiceMaker.Of(paper);
                (invoice.Net, invoice.Tax, invoice.Total).ShouldBe((Fixed.Parse(paper.Invoice.Net), Fixed.Parse(paper.Invoice.Tax), Fixed.Parse(paper.Invoice.Total)));
                Broken(XDocument.Parse(System.Text.Encoding.UTF8.GetString(Cii.Of(invoice)))).ShouldBeEmpty();
            },
            iter: 5_000);
    }

    [Theory]
    [InlineData("LineTotalAmount", "BR-CO-10")]
    [InlineData("AllowanceTotalAmount", "BR-CO-11")]
    [InlineData("TaxBasisTotalAmount", "BR-CO-13")]
    [InlineData("TaxTotalAmount", "BR-CO-14")]
    [InlineData("GrandTotalAmount", "BR-CO-15")]
    [InlineData("DuePayableAmount", "BR-CO-16")]
    [InlineData("CalculatedAmount", "BR-CO-17")]
    [InlineData("BasisAmount", "BR-S-08")]
    public void A_wrong_sum_is_seen(string element, string rule)
    {
        var paper = SamplePaper.Of(
            [SamplePaper.Charge(ChargeKind.Usage, "100", "0.5", "50"), SamplePaper.Charge(ChargeKind.Discount, "1", "5", "-5")], [SamplePaper.Rate("S", "19")]);
        var xml = XDocument.Parse(System.Text.Encoding.UTF8.GetString(Cii.Of(EInvoiceMaker.Of(paper))));
        Broken(xml).ShouldBeEmpty();
        xml.Descendants(Ram + element).Last().Value = "1.23";
        Broken(xml).ShouldContain(rule);
    }

    [Theory]
    [InlineData("S", "19", "DE", "DE123456789", null)]
    [InlineData("Z", "0", "DE", null, null)]
    [InlineData("E", "0", "DE", null, "Exempt from tax")]
    [InlineData("AE", "0", "FR", "FR12345678901", "Reverse charge")]
    [InlineData("K", "0", "FR", "FR12345678901", "Intra-community supply")]
    [InlineData("G", "0", "US", null, "Export outside the EU")]
    [InlineData("O", "0", "US", null, "Not subject to VAT")]
    public void Each_category_of_tax_says_what_the_norm_wants_of_it(string category, string percent, string country, string? number, string? reason)
    {
        var paper = SamplePaper.Of(
            [SamplePaper.Charge(ChargeKind.Usage, "100", "0.5", "50")], [SamplePaper.Rate(category, percent)], SamplePaper.Buyer with { Country = country, TaxNumber = number });
        var invoice = EInvoiceMaker.Of(paper);
        EInvoiceNeeds.Of(invoice).ShouldBeEmpty();
        var xml = XDocument.Parse(System.Text.Encoding.UTF8.GetString(Cii.Of(invoice)));
        Broken(xml).ShouldBeEmpty();
        var tax = xml.Descendants(Ram + "ApplicableHeaderTradeSettlement").Single().Elements(Ram + "ApplicableTradeTax").Single();
        tax.Element(Ram + "CategoryCode")!.Value.ShouldBe(category);
        tax.Element(Ram + "ExemptionReason")?.Value.ShouldBe(reason);
        (tax.Element(Ram + "RateApplicablePercent") is null).ShouldBe(category == "O");
        xml.Descendants(Ram + "SpecifiedTaxRegistration").Any().ShouldBe(category != "O");
        xml.Descendants(Ram + "ShipToTradeParty").Any().ShouldBe(category == "K");
    }

    [Fact]
    public void A_credit_note_gives_back_positive_amounts_and_names_what_it_takes_back_from()
    {
        var paper = SamplePaper.Of([SamplePaper.Charge(ChargeKind.Correction, "-1", "19333", "-19333")], [SamplePaper.Rate("S", "25")], kind: "credit-note");
        var invoice = EInvoiceMaker.Of(paper);
        (invoice.Net.ToString(), invoice.Tax.ToString(), invoice.Total.ToString()).ShouldBe(("19333", "4833.25", "24166.25"));
        var xml = XDocument.Parse(System.Text.Encoding.UTF8.GetString(Cii.Of(invoice)));
        Broken(xml).ShouldBeEmpty();
        xml.Descendants(Ram + "TypeCode").First().Value.ShouldBe("381");
        xml.Descendants(Ram + "InvoiceReferencedDocument").Single().Value.ShouldBe("INV-00000020260201");
    }

    [Fact]
    public void What_an_e_invoice_lacks_is_said_with_the_command_that_mends_it()
    {
        var bare = new Entity { Id = "default", Name = "x", Prefix = "X-" };
        var lacks = EInvoiceNeeds.Of(EInvoiceMaker.Of(SamplePaper.Of(
            [SamplePaper.Charge(ChargeKind.Usage, "1", "1", "1")], [SamplePaper.Rate("AE", "0")], SamplePaper.Buyer with { Country = "", TaxNumber = null }, bare))).ToList();
        lacks.Count.ShouldBe(5);
        lacks.ShouldAllBe(l => l.Contains("`ciel "));
    }

    // The rules, by their names in EN 16931-1, over the XML alone.
    private static IEnumerable<string> Broken(XDocument xml)
    {
        var settlement = xml.Descendants(Ram + "ApplicableHeaderTradeSettlement").Single();
        var sums = settlement.Element(Ram + "SpecifiedTradeSettlementHeaderMonetarySummation")!;
        var lines = xml.Descendants(Ram + "IncludedSupplyChainTradeLineItem").ToList();
        var allowances = settlement.Elements(Ram + "SpecifiedTradeAllowanceCharge").ToList();
        var taxes = settlement.Elements(Ram + "ApplicableTradeTax").ToList();
        var rules = new (string Rule, bool Holds)[]
        {
            ("BR-CO-10", Of(sums, "LineTotalAmount") == lines.Sum(l => Of(l.Descendants(Ram + "SpecifiedTradeSettlementLineMonetarySummation").Single(), "LineTotalAmount"))),
            ("BR-CO-11", Of(sums, "AllowanceTotalAmount") == allowances.Sum(a => Of(a, "ActualAmount"))),
            ("BR-CO-13", Of(sums, "TaxBasisTotalAmount") == Of(sums, "LineTotalAmount") - Of(sums, "AllowanceTotalAmount")),
            ("BR-CO-14", Of(sums, "TaxTotalAmount") == taxes.Sum(t => Of(t, "CalculatedAmount"))),
            ("BR-CO-15", Of(sums, "GrandTotalAmount") == Of(sums, "TaxBasisTotalAmount") + Of(sums, "TaxTotalAmount")),
            ("BR-CO-16", Of(sums, "DuePayableAmount") == Of(sums, "GrandTotalAmount") - Of(sums, "TotalPrepaidAmount")),
            ("BR-CO-17", taxes.All(t => Of(t, "CalculatedAmount") == Math.Round(Of(t, "BasisAmount") * Of(t, "RateApplicablePercent") / 100, 2, MidpointRounding.AwayFromZero))),
            ("BR-S-08", taxes.All(t => Of(t, "BasisAmount") == lines.Where(l => SameTax(l, t)).Sum(l => Of(l.Descendants(Ram + "SpecifiedTradeSettlementLineMonetarySummation").Single(), "LineTotalAmount"))
                - allowances.Where(a => SameTax(a, t)).Sum(a => Of(a, "ActualAmount")))),
            ("BR-16", lines.Count > 0 || allowances.Count > 0),
            ("BR-27", lines.All(l => Of(l.Descendants(Ram + "NetPriceProductTradePrice").Single(), "ChargeAmount") >= 0)),
            ("BR-O-11", taxes.Count == 1 || taxes.All(t => t.Element(Ram + "CategoryCode")!.Value != "O")),
            ("BR-E-10", taxes.All(t => t.Element(Ram + "CategoryCode")!.Value is "S" or "Z" == t.Element(Ram + "ExemptionReason") is null)),
            ("BR-DEC-23", lines.All(l => Of(l.Descendants(Ram + "SpecifiedTradeSettlementLineMonetarySummation").Single(), "LineTotalAmount") is var a && a == Math.Round(a, 2))),
            ("PEPPOL-R120", lines.All(l => Math.Round(Of(l, "BilledQuantity") * Of(l, "ChargeAmount"), 2, MidpointRounding.AwayFromZero) == Of(l, "LineTotalAmount"))),
        };
        return rules.Where(r => !r.Holds).Select(r => r.Rule);
    }

    private static bool SameTax(XElement thing, XElement tax) =>
        (thing.Descendants(Ram + "CategoryCode").Single().Value, Of(thing, "RateApplicablePercent")) == (tax.Element(Ram + "CategoryCode")!.Value, Of(tax, "RateApplicablePercent"));

    private static decimal Of(XElement parent, string name) =>
        parent.Descendants(Ram + name).SingleOrDefault() is { } element ? decimal.Parse(element.Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
}
