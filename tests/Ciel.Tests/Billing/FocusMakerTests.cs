using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Focus;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Purchases;

namespace Ciel.Tests.Billing;

/// <summary>What orders and taxes come to on FOCUS' rows, worked by hand.</summary>
public sealed class FocusMakerTests
{
    private static readonly PriceBook Book = new()
    {
        Products = [new() { Id = "vcpu", Name = "vCPU", Meter = "server.vcpu", Unit = SaleUnit.Parse("vCPU-month")!, Service = "Compute" }],
        Offers = [Offer("plan", OfferKind.SavingsPlan, "1", percent: "20"), Offer("always", OfferKind.Reservation, "0.01"), Offer("pack", OfferKind.Package, "50", quantity: "20")],
    };

    [Fact]
    public void Tax_has_the_list_cost_of_what_it_taxes()
    {
        // Listed at 10, sold for 8: 19 % of ten are 1.9, though 1.52 was paid.
        var rows = Rows(Line(1, "usage", "vcpu", "1", "8", "8", list: "10"), Line(2, "usage", "vcpu", "1", "5", "5", percent: "7"), Line(3, "tax", "tax", "8", "0.19", "1.52"));
        (rows[2].BilledCost, rows[2].ListCost, rows[2].ContractedCost, rows[2].EffectiveCost).ShouldBe(("1.52", "1.9", "1.52", "1.52"));
    }

    [Fact]
    public void A_savings_plan_s_fee_goes_to_what_it_covered_and_the_rest_was_unused()
    {
        // 730 hours at 1; usage of 500 by the list costs a fifth less, which is 400: 330 paid for nothing.
        var rows = Rows(Line(1, "purchase", "plan", "730", "1", "730", source: "plan"), Line(2, "commitment", "vcpu", "100", "0", "0", list: "500", source: "plan"));
        rows.Select(r => (r.Commitment!.Status, r.BilledCost, r.EffectiveCost, r.Commitment.Quantity, r.Commitment.Unit, r.Commitment.Category)).ShouldBe(
            [(null, "730", "0", "730", "EUR", "Spend"), ("Unused", "0", "330", "330", "EUR", "Spend"), ("Used", "0", "400", "400", "EUR", "Spend")]);
    }

    [Fact]
    public void A_reservation_is_counted_in_its_product_s_unit()
    {
        // 1,460 hours paid are two months of 730; one and a half of them ran: 14.6, of which 3.65 were for nothing.
        var rows = Rows(Line(1, "purchase", "always", "1460", "0.01", "14.6", source: "always"), Line(2, "commitment", "vcpu", "1.5", "0", "0", list: "30", source: "always"));
        rows.Select(r => (r.Commitment!.Status, r.EffectiveCost, r.Commitment.Quantity, r.Commitment.Unit)).ShouldBe(
            [(null, "0", "2", "vCPU-Months"), ("Unused", "3.65", "0.5", "vCPU-Months"), ("Used", "10.95", "1.5", "vCPU-Months")]);
    }

    [Fact]
    public void A_package_s_price_goes_with_each_unit_taken_from_it_even_months_later()
    {
        // 50 for 20 units are 2.5 each, on an invoice that does not bear the price itself.
        var row = Rows(Line(1, "package", "vcpu", "3", "0", "0", list: "9", source: "pack"))[0];
        (row.BilledCost, row.EffectiveCost, row.PricingCategory, row.Commitment!.Quantity).ShouldBe(("0", "7.5", "Committed", "3"));
    }

    [Fact]
    public void A_subscription_covers_nothing_and_costs_what_it_is_billed()
    {
        var row = Rows(Line(1, "subscription", "support", "1", "31", "31", source: "care")).ShouldHaveSingleItem();
        (row.ChargeCategory, row.BilledCost, row.EffectiveCost, row.ResourceId).ShouldBe(("Purchase", "31", "31", "care"));
        row.Commitment.ShouldBeNull();
    }

    private static List<FocusRow> Rows(params InvoiceLine[] lines)
    {
        var invoice = SamplePaper.Of([], []).Invoice;
        Order[] orders = [Order("plan"), Order("always"), Order("pack"), Order("care")];
        return [.. new FocusMaker("1.4", invoice, SamplePaper.Buyer, Book, orders, [], p => p).Rows(lines, [])];
    }

    private static Order Order(string id) => new(id, "acme", null, [new Change { OrderId = id, Day = "2026-01-01", Offer = id, Quantity = 1 }]);

    private static Offer Offer(string id, OfferKind kind, string price, string percent = "0", string quantity = "0") =>
        new() { Id = id, Name = id, Kind = kind, Currency = "EUR", Price = Fixed.Parse(price), Months = 12, Product = "vcpu", Percent = Fixed.Parse(percent), Quantity = Fixed.Parse(quantity), From = 0 };

    private static InvoiceLine Line(
        long number, string kind, string product, string quantity, string each, string amount, string? list = null, string? source = null, string percent = "19") => new()
        {
            InvoiceId = "i",
            Line = number,
            Kind = kind,
            Product = product,
            Name = product,
            FromAt = SamplePaper.Start,
            ToAt = SamplePaper.Start + 1,
            Unit = kind == "purchase" ? "hour" : "vCPU-month",
            Quantity = quantity,
            Each = each,
            List = list ?? amount,
            Rated = amount,
            Amount = amount,
            Source = source,
            TaxCategory = "S",
            TaxPercent = percent,
        };
}
