using System.Text.Json;

namespace Ciel.Tests.Billing;

/// <summary>A sandbox lives through months by its own clock, on the code of real accounts, and leaves what is real alone.</summary>
public sealed class ClockTests
{
    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Months_pass_and_each_is_settled_and_invoiced_in_order(string kind)
    {
        await using var cloud = await Trial(kind);
        await cloud.Use(new { project = "web", resource = "vm-1", meter = "server.running", unit = "server", from = "2026-01-01", to = "2026-02-01T10:00:00Z" });
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/budgets", new { budget = new { amount = 300, project = "trial:web" } })).Status.ShouldBe(201);
        var clock = await cloud.Advance("2026-03-02");
        clock.GetProperty("invoiced_until").GetString().ShouldBe("2026-03-01T00:00:00Z");

        (await Invoices(cloud)).ShouldBe(["SANDBOX.trial.000001 2026-01-01T00:00:00Z 442.68 2026-02-01T01:00:00Z", "SANDBOX.trial.000002 2026-02-01T00:00:00Z 5.95 2026-03-01T01:00:00Z"]);
        (await cloud.Get("/invoices/SANDBOX.trial.000001")).GetProperty("invoice").GetProperty("parties").GetProperty("seller").GetProperty("name").GetString()!.ShouldStartWith("SANDBOX, no invoice to pay");
        (await cloud.Notices()).Where(n => n.Contains(" budget ", StringComparison.Ordinal)).ShouldBe([
            "2026-01-13T12:00:00Z budget 50 % of the budget of 300.00 EUR for project trial:web is used: 150.00 so far.",
            "2026-01-21T00:00:00Z budget 80 % of the budget of 300.00 EUR for project trial:web is used: 240.00 so far.",
            "2026-01-26T00:00:00Z budget 100 % of the budget of 300.00 EUR for project trial:web is used: 300.00 so far.",
        ]);

        // Each hour of two months and a day, once.
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM billing_settlement WHERE account_id = 'trial'"))).ShouldBe(((31 + 28 + 1) * 24) + 1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Arrears_freeze_only_its_own_projects_and_a_payment_restores_them(string kind)
    {
        await using var cloud = await Trial(kind);
        await cloud.Use(new { project = "web", resource = "vm-1", meter = "server.running", unit = "server", from = "2026-01-01" });
        State(await cloud.Advance("2026-02-15")).ShouldBe("active active");
        State(await cloud.Advance("2026-02-16")).ShouldBe("grace active");
        State(await cloud.Advance("2026-02-23")).ShouldBe("frozen suspended");

        // What runs has stopped at 02:00 of the 22nd, 21 days and two hours into the month: the first hour after seven days of grace.
        State(await cloud.Advance("2026-03-02")).ShouldBe("frozen suspended");
        (await Invoices(cloud))[1].ShouldContain(" 301.07 ");
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/payments", new { payment = new { amount = 743.75 } })).Status.ShouldBe(201);
        State(await cloud.Advance("2026-03-02T10:00:00Z")).ShouldBe("active active");
        (await cloud.Get("/accounts/trial/preview")).GetProperty("preview").GetProperty("net").GetRawText().ShouldBe("5.00");
        (await cloud.Get("/accounts/trial/statement")).GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("at").GetString()).ShouldBe(
            ["2026-02-01T01:00:00Z", "2026-03-01T01:00:00Z", "2026-03-02T00:00:00Z"]);
        cloud.Identity.Suspended.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Orders_and_coupons_happen_at_its_time_and_real_numbers_and_coupons_stay(string kind)
    {
        await using var cloud = await Trial(kind, BillingCloud.Prices + "\noffers:\n  - { id: support, name: Support, kind: subscription, every: month, currency: EUR, from: 2020-01-01, price: 31 }\n");
        (await cloud.Send(HttpMethod.Post, "/coupons", new { coupon = new { code = "TENTH", percent = 10, from = "2026-01-01", to = "2026-12-31", uses = 1 } })).Status.ShouldBe(201);
        await cloud.Advance("2026-01-16");
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/orders", new { order = new { offer = "support" } })).Body.GetProperty("order").GetProperty("since").GetString().ShouldBe("2026-01-16");
        (await cloud.Send(HttpMethod.Put, "/accounts/trial/coupons/TENTH")).Status.ShouldBe(204);
        await cloud.Advance("2026-02-02");
        (await Invoices(cloud)).Count.ShouldBe(1);
        (await cloud.Get("/coupons")).GetProperty("coupons")[0].GetProperty("uses_left").GetInt64().ShouldBe(1);
        (await cloud.Get("/invoices")).GetProperty("invoices").GetArrayLength().ShouldBe(0);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT last_number FROM billing_entity WHERE id = 'default'"))).ShouldBe(0);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM usage_span"))).ShouldBe(0);
    }

    [Theory]
    [InlineData("/accounts/trial/clock", """{"clock": {"to": "2025-12-31"}}""", 409, "cannot go back")]
    [InlineData("/accounts/trial/clock", """{"clock": {"to": "2099-01-01"}}""", 400, "at most ten years")]
    [InlineData("/accounts/trial/clock", """{"clock": {}}""", 400, "it is missing")]
    [InlineData("/accounts/trial/clock", """{"clock": {"to": "soon"}}""", 400, "write an instant")]
    [InlineData("/accounts/default/clock", """{"clock": {"to": "2026-02-01"}}""", 409, "is real and lives by the real time")]
    [InlineData("/accounts/nobody/clock", """{"clock": {"to": "2026-02-01"}}""", 404, "There is no account nobody")]
    [InlineData("/accounts/default/clock/usage", """{"usage": [{"project": "p", "resource": "r", "meter": "m", "unit": "u", "from": "2026-01-01"}]}""", 409, "is real")]
    [InlineData("/accounts/trial/clock/usage", """{"usage": [{"project": "p", "resource": "r", "meter": "m", "unit": "u"}]}""", 400, "say from when")]
    [InlineData("/accounts/trial/clock/usage", """{"usage": [{"project": "p", "resource": "r", "meter": "m", "unit": "u", "from": "2026-01-02", "to": "2026-01-01"}]}""", 400, "say from when")]
    [InlineData("/accounts/trial/clock/usage", """{"usage": [{"project": "p q", "resource": "r", "meter": "m", "unit": "u", "at": "2026-01-02"}]}""", 400, "project")]
    [InlineData("/accounts/trial/clock/usage", """{"usage": [{"project": "p", "resource": "r", "meter": "m", "unit": "u", "at": "2026-01-02", "attributes": [1]}]}""", 400, "must be a JSON object")]
    [InlineData("/accounts", """{"account": {"id": "x", "name": "X", "clock": "2026-01-01"}}""", 400, "only a sandbox has a clock")]
    [InlineData("/accounts", """{"account": {"id": "x", "name": "X", "sandbox": true, "parent": "default"}}""", 409, "stands alone")]
    [InlineData("/accounts", """{"account": {"id": "x", "name": "X", "parent": "trial"}}""", 409, "stands alone")]
    public async Task What_a_sandbox_cannot_do_is_said(string path, string body, int status, string said)
    {
        await using var cloud = await Trial("sqlite", keepers: false);
        var answer = await cloud.Send(HttpMethod.Post, path, new StringContent(body));
        answer.Status.ShouldBe(status);
        answer.Body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(said);
        (await cloud.Send(HttpMethod.Post, path, new StringContent(body), "mallory")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_sandbox_pays_for_no_real_project_and_its_own_are_nobody_elses()
    {
        await using var cloud = await Trial("sqlite", keepers: false);
        (await cloud.Send(HttpMethod.Put, "/accounts/trial/projects/alice", new { })).Status.ShouldBe(409);
        (await cloud.Send(HttpMethod.Put, "/accounts/default/projects/trial:web", new { })).Status.ShouldBe(409);
        (await cloud.Send(HttpMethod.Put, "/accounts/trial/projects/trial:web", new { cost_centre = "4711" })).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Delete, "/accounts/trial/projects/trial:web")).Status.ShouldBe(409);
    }

    private static Task<BillingCloud> Trial(string kind, string? prices = null, bool keepers = true) =>
        Sandbox.Start(kind, new { id = "trial", name = "Trial", country = "DE", sandbox = true, clock = "2026-01-01" }, prices, keepers);

    private static string State(JsonElement clock) => $"{clock.GetProperty("state")} {clock.GetProperty("projects")[0].GetProperty("state")}";

    private static async Task<List<string>> Invoices(BillingCloud cloud) =>
        [.. (await cloud.Get("/invoices?account=trial")).GetProperty("invoices").EnumerateArray().Reverse()
            .Select(i => $"{i.GetProperty("number")} {i.GetProperty("from")} {i.GetProperty("total").GetRawText()} {i.GetProperty("issued")}")];
}
