using Ciel.Core.Errors;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Tests.Billing;

/// <summary>What credit notes take back, worked out by hand.</summary>
public sealed class CreditNoteTests
{
    [Fact]
    public void A_part_of_an_invoice_carries_its_tax_rounded()
    {
        // 20,000 + 25 % in a currency without decimals: 19,333 carry 4,833.25, that is 4,833.
        Note("JPY", [Line("usage", "20000", "25"), Line("tax", "5000", "25")], [], "19333").ShouldBe(["credit -19333", "tax -4833"]);
    }

    [Fact]
    public void The_last_note_brings_the_rest_of_the_tax() => Note(
        "EUR", [Line("usage", "10.00", "19"), Line("tax", "1.90", "19")], [Line("credit", "-3.33", "19"), Line("tax", "-0.63", "19")], null).ShouldBe(["credit -6.67", "tax -1.27"]);

    [Fact]
    public void Rates_of_tax_are_credited_in_proportion() => Note(
        "EUR", [Line("usage", "75", "19"), Line("usage", "25", "7"), Line("tax", "14.25", "19"), Line("tax", "1.75", "7")], [], "10")
        .ShouldBe(["credit -7.5", "credit -2.5", "tax -1.43", "tax -0.18"]);

    [Theory]
    [InlineData("10.01", "10.00 EUR without tax are left")]
    [InlineData("0", "above 0")]
    [InlineData("-1", "above 0")]
    [InlineData("1.005", "at most 2 decimals")]
    public void No_more_than_is_left_is_taken_back(string net, string said) =>
        Should.Throw<Fault>(() => Note("EUR", [Line("usage", "10.00", "19"), Line("tax", "1.90", "19")], [], net)).Message.ShouldContain(said);

    /// <summary>Regression: what an invoice gave back beside what it took was left out, so that more than it came to was taken back.</summary>
    [Theory]
    [InlineData(null, new[] { "credit -100", "credit 30", "tax -19", "tax 2.1" })]
    [InlineData("70", new[] { "credit -100", "credit 30", "tax -19", "tax 2.1" })]
    [InlineData("69", new[] { "credit -69", "tax -13.11" })]
    public void More_than_an_invoice_came_to_was_taken_back_where_it_gave_something_too(string? net, string[] right)
    {
        InvoiceLine[] lines = [Line("usage", "100", "19"), Line("correction", "-30", "7"), Line("tax", "19", "19"), Line("tax", "-2.1", "7")];
        Note("EUR", lines, [], net).ShouldBe(right);
        Should.Throw<Fault>(() => Note("EUR", lines, [], "70.01")).Message.ShouldContain("70.00 EUR without tax are left");
    }

    /// <summary>Regression: who took back all of an invoice twice, or a credit note, was told of amounts and decimals.</summary>
    [Fact]
    public void That_nothing_is_left_was_not_said()
    {
        Should.Throw<Fault>(() => Note("EUR", [Line("usage", "10", "19")], [Line("credit", "-10", "19")], null)).Message.ShouldContain("0.00 EUR without tax are left");
        Should.Throw<Fault>(() => CreditNote.Lines(Invoice("EUR") with { Kind = "credit-note" }, [Line("credit", "-10", "19")], [], null)).Message.ShouldContain("INV-1 is a credit note");
    }

    private static IEnumerable<string> Note(string currency, InvoiceLine[] lines, InvoiceLine[] credited, string? net) => CreditNote
        .Lines(Invoice(currency), lines, credited, net is null ? null : Fixed.Parse(net))
        .Select(l => $"{(l.Charge.Kind == ChargeKind.Tax ? "tax" : "credit")} {l.Amount}");

    private static Invoice Invoice(string currency) => new()
    {
        Id = "i",
        Number = "INV-1",
        EntityId = "e",
        AccountId = "a",
        Kind = "invoice",
        Currency = currency,
        Net = "0",
        Tax = "0",
        Total = "0",
        Parties = "{}",
    };

    private static InvoiceLine Line(string kind, string amount, string percent) => new()
    {
        InvoiceId = "i",
        Kind = kind,
        Product = "p",
        Name = "n",
        Unit = "u",
        Quantity = "1",
        Each = "1",
        List = "1",
        Rated = amount,
        Amount = amount,
        TaxCategory = "S",
        TaxPercent = percent,
    };
}
