using System.Text.Json;
using Ciel.Commands;
using Ciel.Services.Billing.Amounts;

namespace Ciel.Tests.Billing;

/// <summary>Regressions: what an audit by hand found on invoices and in the refusals of sandboxes.</summary>
public sealed class BillingAuditTests
{
    private const string Book = BillingCloud.Prices +
        """

          - { country: DE, percent: 7, from: 2026-02-01 }
        contracts:
          - { id: less, name: Less, discounts: [{ percent: 10, from: 2026-01-01 }, { percent: 10, from: 2026-01-01 }] }
        offers:
          - { id: support, name: Support, kind: subscription, every: month, currency: EUR, price: 31, from: 2020-01-01 }
          - { id: care, name: Care, kind: subscription, every: year, currency: EUR, price: 365, from: 2020-01-01 }
        """;

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Late_usage_was_taxed_by_the_rate_of_the_month_that_it_came_to_light_in(string kind)
    {
        await using var cloud = await Trial(kind);
        await Ran(cloud, "vm", "2026-01-05T00:00:00Z", "2026-01-05T20:00:00Z");
        await cloud.Advance("2026-02-05");
        await Ran(cloud, "late", "2026-01-06T00:00:00Z", "2026-01-06T20:00:00Z");
        await Ran(cloud, "vm", "2026-02-05T00:00:00Z", "2026-02-05T20:00:00Z");
        await cloud.Advance("2026-03-02");
        (await Lines(cloud, "SANDBOX.trial.000002")).ShouldBe(["usage 20 10.00 7", "correction 20 10.00 19", "tax 10 0.70 7", "tax 10 1.90 19"]);
    }

    /// <summary>What was left of a yearly fee that was taxed with 19 % came back with the 7 % of the month in which it was given up.</summary>
    [Fact]
    public async Task A_fee_was_given_back_with_the_tax_of_another_month_than_it_was_paid_with()
    {
        await using var cloud = await Trial("sqlite");
        var (status, made) = await cloud.Send(HttpMethod.Post, "/accounts/trial/orders", new { order = new { offer = "care" } });
        status.ShouldBe(201, made.ToString());
        await cloud.Advance("2026-02-05");
        (await Lines(cloud, "SANDBOX.trial.000001")).ShouldBe(["subscription 1 365.00 19", "tax 365 69.35 19"]);
        await cloud.Advance("2026-02-10");
        (await cloud.Send(HttpMethod.Delete, $"/accounts/trial/orders/{made.GetProperty("order").GetProperty("id").GetString()}")).Status.ShouldBeOneOf(200, 204);
        await Ran(cloud, "vm", "2026-02-01", "2026-02-01T20:00:00Z");
        await cloud.Advance("2026-03-02");
        (await Lines(cloud, "SANDBOX.trial.000002")).ShouldBe(["subscription -0.8904109589 -325.00 19", "usage 20 10.00 7", "tax -325 -61.75 19", "tax 10 0.70 7"]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_correction_counted_hours_again_for_each_discount_on_them(string kind)
    {
        await using var cloud = await Trial(kind);
        (await cloud.Send(HttpMethod.Put, "/accounts/trial/contract", new { contract = "less" })).Status.ShouldBe(200);
        await Ran(cloud, "vm", "2026-01-05T00:00:00Z", "2026-01-05T20:00:00Z");
        await cloud.Advance("2026-02-05");
        await Ran(cloud, "late", "2026-01-06T00:00:00Z", "2026-01-06T20:00:00Z");
        await cloud.Advance("2026-03-02");
        (await Lines(cloud, "SANDBOX.trial.000002")).ShouldBe(["correction 20 8.10 19", "tax 8.1 1.54 19"]);
        await cloud.Advance("2026-04-02");
        (await cloud.Get("/invoices?account=trial")).GetProperty("invoices").GetArrayLength().ShouldBe(2, "what was corrected is corrected");
    }

    [Fact]
    public async Task A_projects_preview_left_out_what_was_ordered_for_it()
    {
        await using var cloud = await Trial("sqlite");
        await Ran(cloud, "vm", "2026-01-01", "2026-01-01T10:00:00Z");
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/orders", new { order = new { offer = "support", project = "trial:web" } })).Status.ShouldBe(201);
        await cloud.Advance("2026-01-02");
        (await cloud.Get("/preview?project=trial:web")).GetProperty("preview").GetProperty("net").GetRawText().ShouldBe("36.00");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_months_fee_was_forecast_again_for_each_day_and_out_of_the_ordinary(string kind)
    {
        await using var cloud = await Trial(kind);
        await Ran(cloud, "vm", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z");
        await cloud.Advance("2026-01-10T12:00:00Z");
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/orders", new { order = new { offer = "support" } })).Status.ShouldBe(201);
        await cloud.Advance("2026-01-11");

        // 744 hours at 0.50 and the fee, with 19 %.
        (await Costs(cloud)).ShouldBe("179.69 479.57 False");
        await cloud.Advance("2026-02-02");

        // 672 hours and the fee of the term that begins on the tenth, with 7 %.
        (await Costs(cloud)).ShouldBe("12.84 392.69 False");
    }

    [Fact]
    public async Task An_account_below_another_had_a_currency_of_its_own_and_cost_nothing()
    {
        await using var cloud = await Trial("sqlite");
        foreach (var account in (object[])[new { id = "root", name = "Root" }, new { id = "kid", name = "Kid", parent = "root" }, new { id = "grandkid", name = "Grandkid", parent = "kid" }])
        {
            (await cloud.Send(HttpMethod.Post, "/accounts", new { account })).Status.ShouldBe(201);
        }

        (await cloud.Send(HttpMethod.Patch, "/accounts/kid", new { account = new { currency = "JPY" } })).Status.ShouldBe(409);
        (await cloud.Send(HttpMethod.Patch, "/accounts/kid", new { account = new { name = "Child" } })).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Patch, "/accounts/root", new { account = new { currency = "CHF", zone = "Europe/Zurich" } })).Status.ShouldBe(200);
        foreach (var id in (string[])["kid", "grandkid"])
        {
            var account = (await cloud.Get("/accounts/" + id)).GetProperty("account");
            $"{account.GetProperty("currency")} {account.GetProperty("zone")}".ShouldBe("CHF Europe/Zurich");
            (await cloud.Send(HttpMethod.Get, $"/accounts/{id}/costs")).Status.ShouldBe(409);
            (await cloud.Send(HttpMethod.Get, $"/accounts/{id}/costs/project")).Status.ShouldBe(409);
        }
    }

    [Theory]
    [InlineData("default", "nowhere")]
    [InlineData("acme", "alice")]
    [InlineData("trial", "alice")]
    public async Task A_budget_or_an_order_for_a_project_that_others_pay_for_held_nothing(string account, string project)
    {
        await using var cloud = await Trial("sqlite");
        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "acme", name = "Acme" } })).Status.ShouldBe(201);
        var said = $"The account {account} pays for no project {project}.";
        foreach (var (path, body) in (ValueTuple<string, object>[])[("budgets", new { budget = new { amount = 1, project } }), ("orders", new { order = new { offer = "support", project } })])
        {
            var (status, answer) = await cloud.Send(HttpMethod.Post, $"/accounts/{account}/{path}", body);
            status.ShouldBe(400);
            answer.GetRawText().ShouldContain(said);
        }
    }

    [Fact]
    public async Task A_preview_of_a_project_that_is_not_there_was_empty()
    {
        await using var cloud = await Trial("sqlite");
        (await cloud.Send(HttpMethod.Get, "/preview?project=nowhere")).Status.ShouldBe(404);
    }

    /// <summary>A customer with two of it who took another offer had one left.</summary>
    [Theory]
    [InlineData("acme support --change 1", null)]
    [InlineData("acme support --change 1 --quantity 3", 3)]
    public void A_change_of_offer_made_one_of_however_many_were_ordered(string line, int? right) =>
        AccountCommand.Make(new Globals()).Subcommands.Single(c => c.Name == "order").Parse(line).GetValue<int?>("--quantity").ShouldBe(right);

    [Fact]
    public async Task A_refund_was_told_to_have_gone_out_below_zero()
    {
        await using var cloud = await Trial("sqlite");
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/payments", new { payment = new { amount = 10, kind = "refund" } })).Status.ShouldBe(201);
        (await cloud.Notices()).ShouldBe(["2026-01-01T00:00:00Z refund A refund of 10.00 EUR has gone out."]);
    }

    [Fact]
    public void A_bad_line_of_a_replay_was_told_in_the_parsers_words_after_those_before_it_had_been_given() =>
        Should.Throw<UserErrorException>(() => ClockCommand.Usage(["{}", " ", "{from}"])).Message.ShouldBe("Line 3 is not JSON: {from}. Nothing of the file has been given; mend the line and replay it.");

    [Theory]
    [InlineData("""{"coupon": {"code": "TENTH", "percent": 10, "currency": null, "amount": null, "to": null}}""", 201)]
    [InlineData("""{"coupon": {"code": "TENTH", "percent": 10, "currency": "EUR"}}""", 400)]
    [InlineData("""{"coupon": {"code": "TENTH", "amount": 10, "currency": null}}""", 400)]
    public async Task A_percent_coupon_was_refused_for_the_currency_that_the_command_line_leaves_empty(string body, int right)
    {
        await using var cloud = await Trial("sqlite");
        (await cloud.Send(HttpMethod.Post, "/coupons", new StringContent(body))).Status.ShouldBe(right);
    }

    [Fact]
    public async Task A_coupon_on_nothing_was_made()
    {
        await using var cloud = await Trial("sqlite");
        Task<(int Status, JsonElement Body)> Make(string code, string products) => cloud.Send(HttpMethod.Post, "/coupons", new { coupon = new { code, percent = 10, products } });
        (await Make("NONE", "machin")).Body.GetRawText().ShouldContain("no product and no offer");
        (await Make("MACHINES", "mach*")).Status.ShouldBe(201);
        (await Make("SUPPORT", "support")).Status.ShouldBe(201);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_product_that_nothing_meters_was_taken_without_a_word(string kind)
    {
        await using var cloud = await Trial(kind);
        await cloud.Ran("alice", 0, 1, meter: "gpu.running");
        var (status, body) = await cloud.Send(HttpMethod.Put, "/prices?check=true", new StringContent(Book.Replace(
            "prices:",
            """
              - { id: cpu, name: Cpu, meter: server.running, quantity: vcpus vCPU, unit: vCPU-day }
              - { id: bytes, name: Bytes, meter: object.stored, unit: MiB-month }
              - { id: gpu, name: Gpu, meter: gpu.running, unit: server-hour }
              - { id: slip, name: Slip, meter: servr.running, unit: server-hour }
              - { id: timeless, name: Timeless, meter: object.egress, unit: GB-hour }
              - { id: unlike, name: Unlike, meter: server.disk, unit: vCPU-hour, tax: other }
            prices:
            """,
            StringComparison.Ordinal)));
        status.ShouldBe(200, body.GetRawText());
        body.GetProperty("prices").GetProperty("without_meter").GetRawText().ShouldBe("""["slip","timeless","unlike"]""");
        body.GetProperty("prices").GetProperty("without_tax").GetRawText().ShouldBe("""["other"]""");
    }

    [Fact]
    public async Task A_coupons_code_that_is_taken_was_said_to_be_a_request_of_the_same_moment()
    {
        await using var cloud = await Trial("sqlite");
        (await cloud.Send(HttpMethod.Post, "/coupons", new { coupon = new { code = "TENTH", percent = 10 } })).Status.ShouldBe(201);
        var (status, body) = await cloud.Send(HttpMethod.Post, "/coupons", new { coupon = new { code = "TENTH", percent = 20 } });
        status.ShouldBe(409);
        body.GetRawText().ShouldContain("There is a coupon TENTH already");
    }

    /// <summary>What is reckoned may be larger than what people may write, and was not read again once it was stored.</summary>
    [Fact]
    public void An_invoice_of_more_than_eighteen_digits_could_be_issued_and_not_be_read()
    {
        var large = Fixed.Whole(1_000_000_000_000).Times(Fixed.Whole(10_000_000_000_000_000));
        Fixed.Parse(large.ToString()).ShouldBe(large);
        Fixed.Parse((-large).ToString(3)).ShouldBe(-large);
        Fixed.TryParse(large.ToString(), out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Fixed.Parse(new string('9', 30)));
    }

    private static Task<BillingCloud> Trial(string kind) => Sandbox.Start(kind, new { id = "trial", name = "Trial", sandbox = true, clock = "2026-01-01", country = "DE" }, Book);

    private static Task Ran(BillingCloud cloud, string resource, string from, string to) =>
        cloud.Use(new { project = "web", resource, meter = "server.running", unit = "server", from, to });

    private static async Task<string> Costs(BillingCloud cloud)
    {
        var costs = (await cloud.Get("/accounts/trial/costs")).GetProperty("costs");
        return $"{costs.GetProperty("so_far").GetRawText()} {costs.GetProperty("forecast").GetRawText()} {costs.GetProperty("unusual").GetBoolean()}";
    }

    private static async Task<IEnumerable<string>> Lines(BillingCloud cloud, string number) =>
        (await cloud.Get("/invoices/" + number)).GetProperty("invoice").GetProperty("lines").EnumerateArray().Select(Line);

    private static string Line(JsonElement line) =>
        $"{line.GetProperty("kind").GetString()} {line.GetProperty("quantity")} {line.GetProperty("amount").GetRawText()} {line.GetProperty("tax_percent").GetRawText()}";
}
