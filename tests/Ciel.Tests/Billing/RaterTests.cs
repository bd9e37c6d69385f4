using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;
using static Ciel.Tests.Billing.Sample;

namespace Ciel.Tests.Billing;

/// <summary>Each rule of rating, worked out by hand.</summary>
public sealed class RaterTests
{
    [Fact]
    public void Usage_is_split_where_a_price_changes() =>
        Rate(Book(Price("0.5"), Price("0.8", from: 2 * Hour)), 10 * Hour, [Ran(Hour, 4 * Hour)])
            .Lines().ShouldBe(["Usage 1 x 0.5 = 0.5", "Usage 2 x 0.8 = 1.6"]);

    [Fact]
    public void A_period_ends_what_runs_on() => Rate(Book(Price("0.5")), 10 * Hour, [Ran(8 * Hour, 99 * Hour)]).Lines().ShouldBe(["Usage 2 x 0.5 = 1"]);

    [Fact]
    public void Resources_are_summed_before_anything_is_cut_off()
    {
        // Three times one second: 3/3600 h, not three times 0.0002777777.
        var charge = Rate(Book(Price("1")), Hour, [Ran(0, 1, "a"), Ran(0, 1, "b"), Ran(0, 1, "c")]).ShouldHaveSingleItem();
        charge.Quantity.ToString().ShouldBe("0.0008333333");
        charge.Parts.Select(p => p.Quantity.ToString()).ShouldBe(["0.0002777777", "0.0002777778", "0.0002777778"]);
    }

    [Fact]
    public void Graduated_steps_each_have_their_own_price() =>
        Rate(Book(Steps(Tiering.Graduated, [(10, "0"), (100, "0.5"), (null, "0.25")])), 200 * Hour, [Ran(0, 150 * Hour)])
            .Lines().ShouldBe(["Usage 10 x 0 = 0", "Usage 90 x 0.5 = 45", "Usage 50 x 0.25 = 12.5"]);

    [Fact]
    public void Graduated_steps_go_on_where_a_new_price_begins() =>
        Rate(Book(Steps(Tiering.Graduated, [(10, "1"), (null, "0.5")]), Steps(Tiering.Graduated, [(20, "2"), (null, "1")], from: 15 * Hour)), 30 * Hour, [Ran(0, 30 * Hour)])
            .Lines().ShouldBe(["Usage 10 x 1 = 10", "Usage 5 x 0.5 = 2.5", "Usage 5 x 2 = 10", "Usage 10 x 1 = 10"]);

    [Fact]
    public void Volume_prices_all_by_the_step_that_is_reached() =>
        Rate(Book(Steps(Tiering.Volume, [(10, "1"), (100, "0.5"), (null, "0.25")])), 200 * Hour, [Ran(0, 60 * Hour, "a"), Ran(0, 40 * Hour, "b")])
            .Lines().ShouldBe(["Usage 100 x 0.5 = 50"]);

    [Fact]
    public void A_contract_has_its_own_price_while_it_holds() =>
        Rate(Book(Price("1"), Price("0.6", contract: "acme")), 10 * Hour, [Ran(0, 10 * Hour)], contracts: [new(Span(4 * Hour, 8 * Hour), "acme")])
            .Lines().ShouldBe(["Usage 4 x 1 = 4", "Usage 4 x 0.6 = 2.4 acme", "Usage 2 x 1 = 2"]);

    [Fact]
    public void A_change_of_the_list_splits_no_line_of_a_contract() =>
        Rate(Book(Price("1"), Price("0.6", contract: "acme"), Price("2", 5 * Hour)), 10 * Hour, [Ran(0, 10 * Hour)], contracts: [new(Span(0, 10 * Hour), "acme")])
            .Lines().ShouldBe(["Usage 10 x 0.6 = 6 acme"]);

    [Fact]
    public void A_contract_of_a_project_has_tiers_and_discounts_of_its_own()
    {
        var steps = Steps(Tiering.Graduated, [(3, "0"), (null, "1")]);
        var book = Book(steps, Steps(Tiering.Graduated, [(2, "0"), (null, "0.5")], contract: "acme")) with { Contracts = [new("acme", "Acme", [new("*", Fixed.Whole(10), 0, null)])] };
        Usage[] usage = [Ran(0, 10 * Hour, "a", project: "p"), Ran(0, 10 * Hour, "b", project: "q")];
        var charges = Rate(book, 10 * Hour, usage, contracts: [new(Span(0, 10 * Hour), "acme", "p")]);
        charges.Lines().ShouldBe(["Usage 3 x 0 = 0", "Usage 7 x 1 = 7", "Usage 2 x 0 = 0 acme", "Usage 8 x 0.5 = 4 acme", "Discount 8 x 0 = -0.4 acme"]);
        charges.SelectMany(c => c.Parts.Select(p => p.Project)).ShouldBe(["q", "q", "p", "p", "p"]);
    }

    [Fact]
    public void A_contract_of_a_project_goes_before_its_customers_while_it_holds() =>
        Rate(Book(Price("1"), Price("0.6", contract: "all"), Price("0.5", contract: "one")), 10 * Hour, [Ran(0, 10 * Hour, project: "p"), Ran(0, Hour, project: "q")],
                contracts: [new(Span(0, 10 * Hour), "all"), new(Span(2 * Hour, 6 * Hour), "one", "p")])
            .Lines().ShouldBe(["Usage 7 x 0.6 = 4.2 all", "Usage 4 x 0.5 = 2 one"]);

    [Fact]
    public void What_was_bought_covers_a_project_with_a_contract_of_its_own_too_and_only_once()
    {
        var covering = new Covering([new("p1", "machine", Fixed.Whole(3), Span(0, 10 * Hour))], [new("r1", "machine", 1, Span(0, 10 * Hour))], []);
        Usage[] usage = [Ran(0, 4 * Hour, "a", project: "p"), Ran(0, 4 * Hour, "b", project: "q")];
        Rate(Book(Price("1"), Price("0.5", contract: "one")), 10 * Hour, usage, covering, [new(Span(0, 10 * Hour), "one", "p")])
            .Lines().ShouldBe(["Package 3 x 0 = 0 p1", "Commitment 1 x 0 = 0 r1", "Commitment 3 x 0 = 0 r1", "Usage 1 x 0.5 = 0.5 one"]);
    }

    [Fact]
    public void Discounts_follow_each_other()
    {
        var book = Book(Price("1")) with
        {
            Contracts = [new("acme", "Acme", [new("*", Fixed.Whole(10), 0, null), new("mach*", Fixed.Whole(50), 5 * Hour * Second, null), new("other", Fixed.Whole(50), 0, null)])],
        };
        Rate(book, 10 * Hour, [Ran(0, 10 * Hour)], contracts: [new(Span(0, 10 * Hour), "acme")])
            .Lines().ShouldBe(["Usage 5 x 1 = 5", "Discount 5 x 0 = -0.5 acme", "Usage 5 x 1 = 5", "Discount 5 x 0 = -0.5 acme", "Discount 5 x 0 = -2.25 acme"]);
    }

    [Fact]
    public void Packages_are_used_first_and_those_that_end_soonest_before_others()
    {
        var covering = new Covering([new("late", "machine", Fixed.Whole(3), Span(0, 100 * Hour)), new("soon", "machine", Fixed.Whole(2), Span(0, 8 * Hour))], [], []);
        Rate(Book(Price("1")), 10 * Hour, [Ran(0, 10 * Hour)], covering)
            .Lines().ShouldBe(["Package 2 x 0 = 0 soon", "Package 3 x 0 = 0 late", "Usage 3 x 1 = 3", "Usage 2 x 1 = 2"]);
    }

    [Fact]
    public void A_reservation_covers_so_many_at_once_hour_by_hour()
    {
        // Two run in the first hour, none in the second, one in the third; one is reserved: what it did not use is lost.
        var covering = new Covering([], [new("r1", "machine", 1, Span(0, 10 * Hour))], []);
        Rate(Book(Price("1")), 10 * Hour, [Ran(0, Hour, "a"), Ran(0, Hour, "b"), Ran(2 * Hour, 3 * Hour, "a")], covering)
            .Lines().ShouldBe(["Commitment 2 x 0 = 0 r1", "Usage 1 x 1 = 1"]);
    }

    [Fact]
    public void A_savings_plan_covers_up_to_its_amount_each_hour()
    {
        // 0.75 an hour at 25 % less: one machine of 1.00 an hour; the second is paid by the list.
        var covering = new Covering([], [], [new("s1", "*", Fixed.Parse("0.75"), Fixed.Whole(25), Span(0, 10 * Hour))]);
        Rate(Book(Price("1")), 10 * Hour, [Ran(0, 2 * Hour, "a"), Ran(0, 2 * Hour, "b")], covering)
            .Lines().ShouldBe(["Commitment 2 x 0 = 0 s1", "Usage 2 x 1 = 2"]);
    }

    [Fact]
    public void Commitments_cover_what_packages_leave()
    {
        var covering = new Covering([new("p1", "machine", Fixed.Whole(2), Span(0, 10 * Hour))], [new("r1", "machine", 1, Span(0, 10 * Hour))], []);
        Rate(Book(Price("1")), 4 * Hour, [Ran(0, 4 * Hour, quantity: 2)], covering)
            .Lines().ShouldBe(["Package 2 x 0 = 0 p1", "Commitment 4 x 0 = 0 r1", "Usage 2 x 1 = 2"]);
    }

    [Fact]
    public void Attributes_choose_the_product_and_multiply_it()
    {
        var book = BookFile.Read(
            """
            products:
              - { id: cpu, name: CPU, meter: server.running, where: { flavor: "m1.*" }, quantity: vcpus vCPU, unit: vCPU-hour }
              - { id: ram, name: RAM, meter: server.running, quantity: memory_mib MiB, unit: GiB-hour }
            prices:
              - { product: cpu, currency: EUR, from: 1970-01-01, price: 2 }
              - { product: ram, currency: EUR, from: 1970-01-01, price: 1 }
            """);
        Usage Flavored(string flavor) => Ran(0, Hour, flavor) with { Attributes = $$"""{"flavor":"{{flavor}}","vcpus":4,"memory_mib":2048}""" };
        Rate(book, 10 * Hour, [Flavored("m1.large"), Flavored("c1.small")]).Lines().ShouldBe(["Usage 4 x 2 = 8", "Usage 4 x 1 = 4"]);
    }

    [Fact]
    public void Counters_belong_to_the_instant_they_began()
    {
        var rater = new Rater(new Tariff(Book(Price("1", product: "requests"), Price("2", Hour, product: "requests")), Currency.Find("EUR")!, []), Span(0, 2 * Hour), Nothing);
        rater.Add(new Counted("object.requests", "p", "bucket", 500, "requests", "{}", (Hour * Second) - 1));
        rater.Add(new Counted("object.requests", "p", "bucket", 1500, "requests", "{}", Hour * Second));
        rater.Charges().Lines().ShouldBe(["Usage 0.5 x 1 = 0.5", "Usage 1.5 x 2 = 3"]);
    }

    [Fact]
    public void A_meter_without_a_price_is_named_and_never_guessed()
    {
        var rater = new Rater(new Tariff(Book(), Currency.Find("EUR")!, []), Span(0, Hour), Nothing);
        rater.Add(Ran(0, Hour));
        rater.Charges().ShouldBeEmpty();
        rater.Unpriced.ShouldBe(["server.running"]);
    }
}
