using Ciel.Services.Billing.Prices;

namespace Ciel.Tests.Billing;

/// <summary>The price book's file: what is read, what is refused and in which words, and that what has applied stays.</summary>
public sealed class BookTests
{
    private const string Head =
        """
        products:
          - { id: vcpu, name: CPU, meter: server.running, unit: server-hour }
        prices:
        """;

    [Fact]
    public void The_book_that_ships_is_whole()
    {
        var book = BookFile.Read(BookFile.Default);
        book.Products.ShouldAllBe(p => book.Prices.Any(x => x.Product == p.Id));
    }

    [Theory]
    [InlineData("  - { product: gpu, currency: EUR, from: 2026-01-01, price: 1 }", "there is no product gpu")]
    [InlineData("  - { product: vcpu, currency: EURO, from: 2026-01-01, price: 1 }", "Line 4: 'currency' must be an ISO 4217 code")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 01.02.2026, price: 1 }", "Line 4: 'from' is '01.02.2026'")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 2026-01-01, price: -1 }", "Line 4: 'price' is '-1'")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 2026-01-01, price: 1e3 }", "'price' is '1e3'")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 2026-01-01, price: 0.00000000001 }", "at most ten decimals")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 2026-01-01 }", "a price has either 'price'")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 2026-01-01, price: 1, colour: red }", "'colour' is not known here")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 2026-01-01, steps: [{ up to: 5, price: 1 }] }", "the last step must have none")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 2026-01-01, steps: [{ up to: 5, price: 1 }, { up to: 5, price: 2 }, { price: 1 }] }", "must be above the one before")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 2026-01-01, price: 1 }\n  - { product: vcpu, currency: EUR, from: 2026-01-01, price: 2 }", "is there 2 times: keep one")]
    [InlineData("  - { product: vcpu, currency: EUR, from: 2026-01-01, price: 1, contract: acme }", "there is no contract acme")]
    [InlineData("  - just words", "'prices' must be a list of entries")]
    [InlineData("  - product: &x vcpu\n    currency: *x", "aliases (*name) are not read")]
    [InlineData("  - { product: vcpu", "this is not YAML")]
    [InlineData("taxes:\n  - { country: DE, percent: 101, from: 2026-01-01 }", "'percent' must be 0 to 100")]
    [InlineData("taxes:\n  - { country: DE, percent: 19, category: AE, from: 2026-01-01 }", "only category S has a rate above 0")]
    [InlineData("taxes:\n  - { country: Germany, percent: 19, from: 2026-01-01 }", "Line 5: 'country' is 'Germany'")]
    [InlineData("taxes:\n  - { country: de, percent: 19, from: 2026-01-01 }", "two capital letters such as DE")]
    [InlineData("offers:\n  - { id: o, name: O, kind: package, product: vcpu, quantity: 0, months: 1, currency: EUR, price: 1, from: 2026-01-01 }", "'quantity' must be above 0")]
    [InlineData("offers:\n  - { id: o, name: O, kind: savings-plan, product: cpu*, percent: 20, months: 1, currency: EUR, price: 1, from: 2026-01-01 }", "no product is meant by cpu*")]
    [InlineData("contracts:\n  - { id: c, name: C, discounts: [{ products: vcup, percent: 20, from: 2026-01-01 }] }", "no product is meant by vcup")]
    public void A_mistake_is_told_with_its_line(string entry, string said) =>
        Should.Throw<BookMistake>(() => BookFile.Read($"{Head}\n{entry}\n")).Message.ShouldContain(said);

    [Theory]
    [InlineData("[", "")]
    [InlineData("{a: ", "")]
    [InlineData("- ", "x")]
    public void A_book_of_lists_in_lists_ended_the_program(string open, string end) =>
        Should.Throw<BookMistake>(() => BookFile.Read("products: \n" + string.Concat(Enumerable.Repeat(open, 500_000)) + end)).Message.ShouldContain("deeper than a price book goes");

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        Should.Throw<BookMistake>(() => BookFile.Read($"{Head}\n  - {{ product: vcpu }}\n  - {{ product: VCPU }}\nrubbish: 1\n")).Message.Split('\n').Length.ShouldBe(3);

    [Theory]
    [InlineData("from: 2026-01-01, price: 1", null)]
    [InlineData("from: 2026-01-01, price: 2", "has applied already and cannot change")]
    [InlineData("from: 2026-01-02, price: 1", "has applied already and must stay")]
    public void What_has_applied_stays(string entry, string? said)
    {
        var (before, after) = (With("from: 2026-01-01, price: 1"), With(entry));
        Told(BookRules.Forbidden(before, after, Day("2026-06-01"), retroactive: true), said);
    }

    [Theory]
    [InlineData("2026-05-31", false, "begins in the past")]
    [InlineData("2026-05-31", true, null)]
    [InlineData("2026-06-01", false, null)]
    public void A_new_price_begins_in_the_future_unless_it_is_said_to_be_retroactive(string from, bool retroactive, string? said) => Told(
        BookRules.Forbidden(With("from: 2026-01-01, price: 1"), With("from: 2026-01-01, price: 1", $"from: {from}, price: 2"), Day("2026-06-01"), retroactive), said);

    /// <summary>Regression: only prices of a series that was there already were looked at, so closed invoices were corrected unasked.</summary>
    [Theory]
    [InlineData("", ", contract: gold", "price of vcpu in EUR for contract gold from 2026-05-01T00:00:00Z begins in the past")]
    [InlineData("[{ products: vcpu, percent: 50, from: 2026-05-01 }]", null, "discount of 50 % in the contract gold from 2026-05-01T00:00:00Z begins in the past")]
    public void A_contracts_new_price_or_discount_changed_months_that_were_billed(string discounts, string? price, string said)
    {
        string Book(string off) => $"contracts:\n  - {{ id: gold, name: Gold{(off.Length > 0 ? ", discounts: " + off : "")} }}\n{Head}\n  - {{ product: vcpu, currency: EUR, from: 2026-01-01, price: 1 }}\n";
        var next = BookFile.Read(Book(discounts) + (price is null ? "" : $"  - {{ product: vcpu, currency: EUR, from: 2026-05-01, price: 0.1{price} }}\n"));
        Told(BookRules.Forbidden(BookFile.Read(Book("")), next, Day("2026-06-01"), false), said);
        Told(BookRules.Forbidden(BookFile.Read(Book("")), next, Day("2026-06-01"), true), null);
        Told(BookRules.Forbidden(BookFile.Read(Book("")), next, Day("2026-04-01"), false), null);
    }

    /// <summary>Regression: what was left of a term was given back at a price that nobody had paid.</summary>
    [Fact]
    public void An_offers_new_price_changed_terms_that_were_paid()
    {
        string Book(string more) => $"{Head}\n  - {{ product: vcpu, currency: EUR, from: 2026-01-01, price: 1 }}\noffers:\n  - {{ id: care, name: Care, kind: subscription, every: month, currency: EUR, price: 10, from: 2026-01-01 }}\n{more}";
        var next = BookFile.Read(Book("  - { id: care, name: Care, kind: subscription, every: month, currency: EUR, price: 1000, from: 2026-05-01 }\n"));
        Told(BookRules.Forbidden(BookFile.Read(Book("")), next, Day("2026-06-01"), true), "offer care in EUR from 2026-05-01T00:00:00Z begins in the past");
        Told(BookRules.Forbidden(BookFile.Read(Book("")), next, Day("2026-04-01"), false), null);
    }

    /// <summary>Regression: what was counted in one unit and sold by another was never billed.</summary>
    [Theory]
    [InlineData("vcpus vCPU", "core-hour", "what is counted in vCPU cannot be sold by 'core-hour'")]
    [InlineData("memory_mib MiB", "GB-hour", null)]
    public void A_product_whose_units_do_not_meet_was_never_billed(string quantity, string unit, string? said)
    {
        var book = $"products:\n  - {{ id: p, name: P, meter: server.running, quantity: {quantity}, unit: {unit} }}\n";
        Told(said is null ? [] : [Should.Throw<BookMistake>(() => BookFile.Read(book)).Message], said);
        _ = said is null ? BookFile.Read(book) : null;
    }

    /// <summary>Regression: a rate that began in the past changed what previews had told.</summary>
    [Fact]
    public void A_tax_could_begin_in_the_past_unasked()
    {
        PriceBook Book(string more) => BookFile.Read($"taxes:\n  - {{ country: DE, percent: 19, from: 2020-01-01 }}\n{more}");
        var next = Book("  - { country: DE, percent: 16, from: 2026-05-01 }\n");
        Told(BookRules.Forbidden(Book(""), next, Day("2026-06-01"), false), "The tax standard in DE for all customers from 2026-05-01T00:00:00Z begins in the past");
        Told(BookRules.Forbidden(Book(""), next, Day("2026-06-01"), true), null);
        Told(BookRules.Forbidden(Book(""), next, Day("2026-04-01"), false), null);
        Told(BookRules.Forbidden(Book(""), Book("  - { country: FR, percent: 20, from: 2026-05-01 }\n"), Day("2026-06-01"), false), null);
    }

    [Fact]
    public void A_price_that_has_not_applied_yet_may_change_or_go() =>
        BookRules.Forbidden(With("from: 2026-01-01, price: 1", "from: 2026-07-01, price: 2"), With("from: 2026-01-01, price: 1"), Day("2026-06-01"), false).ShouldBeEmpty();

    [Fact]
    public void What_a_product_measures_may_not_change() => Told(
        BookRules.Forbidden(With("from: 2026-01-01, price: 1"), BookFile.Read($"{Head.Replace("server-hour", "server-day", StringComparison.Ordinal)}\n  - {{ product: vcpu, currency: EUR, from: 2026-01-01, price: 1 }}"), 0, false),
        "The product vcpu has applied already and cannot change");

    [Fact]
    public void Taxes_go_by_place_and_customer()
    {
        var book = BookFile.Read(
            """
            taxes:
              - { country: DE, percent: 19, from: 2020-01-01 }
              - { country: DE, percent: 16, from: 2020-07-01 }
              - { country: DE, percent: 19, from: 2021-01-01 }
              - { country: DE, class: books, percent: 7, from: 2020-01-01 }
              - { country: "*", customers: business, category: AE, percent: 0, reason: Reverse charge, from: 2020-01-01 }
              - { country: AT, customers: private, percent: 20, from: 2020-01-01 }
            """);
        string? Of(string taxClass, string country, bool business, string day) => book.TaxOf(taxClass, country, business, Day(day)) is { } t ? $"{t.Category} {t.Percent}" : null;
        Of("standard", "DE", false, "2020-06-30").ShouldBe("S 19");
        Of("standard", "DE", true, "2020-07-01").ShouldBe("S 16");
        Of("standard", "DE", true, "2021-01-01").ShouldBe("S 19");
        Of("books", "DE", false, "2021-01-01").ShouldBe("S 7");
        Of("standard", "AT", true, "2021-01-01").ShouldBe("AE 0");
        Of("standard", "AT", false, "2021-01-01").ShouldBe("S 20");
        Of("standard", "FR", false, "2021-01-01").ShouldBeNull();
        Of("standard", "DE", false, "2019-12-31").ShouldBeNull();
    }

    private static void Told(IEnumerable<string> sentences, string? said)
    {
        if (said is null)
        {
            sentences.ShouldBeEmpty();
        }
        else
        {
            sentences.ShouldHaveSingleItem().ShouldContain(said);
        }
    }

    private static PriceBook With(params string[] prices) => BookFile.Read($"{Head}\n{string.Join('\n', prices.Select(p => $"  - {{ product: vcpu, currency: EUR, {p} }}"))}\n");

    private static long Day(string day) => Services.Billing.Calendar.Zone.Utc.Start(DateOnly.Parse(day, null));
}
