using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Control;
using Ciel.Services.Billing.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Billing;

/// <summary>Budgets, arrears and forecasts: what is found, and what is then stopped and started.</summary>
public sealed class ControlTests
{
    private const long Hour = 3_600_000_000;
    private const long Day = 24 * Hour;

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_budget_warns_once_a_step_and_stops_at_its_end(string kind)
    {
        await using var cloud = await Acme(kind);
        (await cloud.Send(HttpMethod.Post, "/accounts/acme/budgets", new { budget = new { amount = 10, hard_stop = true } })).Status.ShouldBe(201);
        var month = (await cloud.Account("acme")).Open;
        await cloud.Ran("alice", month.From, null);
        await Settle(cloud, month.From + (17 * Hour));
        cloud.Identity.Suspended.ShouldBeEmpty();
        await Settle(cloud, month.From + (18 * Hour));
        await Settle(cloud, month.From + (20 * Hour));
        cloud.Identity.Suspended["alice"].ShouldContain("budget of 10 EUR is used up");
        (await Notices(cloud)).ShouldBe(["80 % of the budget of 10.00 EUR is used: 8.50 so far.", "100 % of the budget of 10.00 EUR is used: 10.00 so far."]);

        // Raised by another in its place: what was stopped goes on.
        var budget = (await cloud.Get("/accounts/acme/budgets")).GetProperty("budgets")[0].GetProperty("id").GetString();
        (await cloud.Send(HttpMethod.Delete, $"/accounts/acme/budgets/{budget}")).Status.ShouldBe(204);
        await Settle(cloud, month.From + (21 * Hour));
        cloud.Identity.Suspended.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Arrears_go_through_grace_to_a_freeze_and_a_payment_restores(string kind)
    {
        await using var cloud = await Acme(kind);
        var month = await cloud.Back("acme", 1);
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_project SET from_at = @from", new { from = month.From }));
        await cloud.Ran("alice", month.From, month.From + (20 * Hour));
        var account = await cloud.Account("acme");
        var draft = await cloud.Db.Read(r => Part<DraftBook>(cloud).Make(r, account, account.Open));
        var invoice = (await cloud.Db.Write(tx => Part<InvoiceBook>(cloud).Issue(tx, draft, "i1")))!;
        foreach (var (at, state, suspended) in new[] { (invoice.DueAt, "active", 0), (invoice.DueAt + Hour, "grace", 0), (invoice.DueAt + (7 * Day) + Hour, "frozen", 1), (invoice.DueAt + (8 * Day), "frozen", 1) })
        {
            await Settle(cloud, at);
            (await cloud.Account("acme")).State.ShouldBe(state);
            cloud.Identity.Suspended.Count.ShouldBe(suspended);
        }

        (await cloud.Send(HttpMethod.Post, "/accounts/acme/payments", new { payment = new { amount = 9.99 } })).Status.ShouldBe(201);
        await Settle(cloud, invoice.DueAt + (8 * Day));
        cloud.Identity.Suspended.Count.ShouldBe(1);
        (await cloud.Send(HttpMethod.Post, "/accounts/acme/payments", new { payment = new { amount = 0.01 } })).Status.ShouldBe(201);
        await Settle(cloud, invoice.DueAt + (8 * Day));
        cloud.Identity.Suspended.ShouldBeEmpty();
        (await Notices(cloud)).Select(n => n.Split(' ')[^1]).Where(n => n is "stop." or "again.").ShouldBe(["stop.", "again.", "again."]);
    }

    [Fact]
    public void Payments_pay_the_oldest_invoice_first()
    {
        Invoice[] invoices = [Invoice("3", "30"), Invoice("2", "20"), Invoice("1", "10")];
        string? Oldest(string balance) => Arrears.OldestUnpaid(Fixed.Parse(balance), invoices)?.Number;
        Oldest("0").ShouldBeNull();
        Oldest("5").ShouldBeNull();
        Oldest("-30").ShouldBe("3");
        Oldest("-30.01").ShouldBe("2");
        Oldest("-50").ShouldBe("2");
        Oldest("-60").ShouldBe("1");
        Oldest("-0.01").ShouldBe("3");
    }

    /// <summary>Regression: what was taken back of a new invoice paid an old one, and its arrears ended.</summary>
    [Fact]
    public void A_credit_note_on_a_new_invoice_paid_an_old_one()
    {
        Invoice[] invoices = [Invoice("4", "-20") with { Kind = "credit-note", Corrects = "3" }, Invoice("3", "30"), Invoice("2", "20"), Invoice("1", "10")];
        string? Oldest(string balance) => Arrears.OldestUnpaid(Fixed.Parse(balance), invoices)?.Number;
        Oldest("-40").ShouldBe("1");
        Oldest("-30").ShouldBe("2");
        Oldest("-10").ShouldBe("3");
        Oldest("0").ShouldBeNull();
    }

    [Fact]
    public void A_forecast_goes_on_at_the_last_days_pace()
    {
        var period = new Period(0, 30 * Day);

        // A euro a day for ten days, then five on the last one: 15 + 19 days at 5.
        var hours = Enumerable.Range(0, 265).Select(h => Hourly(h, h <= 240 ? h / 24m : 10 + ((h - 240) * 5 / 24m))).ToList();
        Outlook.Forecast(Fixed.Whole(15), Fixed.Zero, hours, period, 11 * Day).Rounded(2).ToString().ShouldBe("110");
        Outlook.IsUnusual(hours, 11 * Day).ShouldBeTrue();
        Outlook.IsUnusual([.. hours.Take(241)], 10 * Day).ShouldBeFalse();
        Outlook.Forecast(Fixed.Whole(2), Fixed.Zero, [], period, 2 * Day).ToString().ShouldBe("30");
        Outlook.IsUnusual([], Day).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"budget": {"amount": 0}}""")]
    [InlineData("""{"budget": {"amount": 1.005}}""")]
    [InlineData("""{"budget": {}}""")]
    [InlineData("""{"budget": {"amount": 1, "alerts": "fifty"}}""")]
    [InlineData("""{"budget": {"amount": 1, "alerts": "0"}}""")]
    [InlineData("""{"budget": {"amount": 1, "hard_stop": "perhaps"}}""")]
    public async Task A_bad_budget_is_refused(string body)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        (await cloud.Send(HttpMethod.Post, "/accounts/default/budgets", new StringContent(body))).Status.ShouldBe(400);
        (await cloud.Get("/accounts/default/budgets")).GetProperty("budgets").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "/accounts/acme/costs")]
    [InlineData("GET", "/accounts/acme/notices")]
    [InlineData("GET", "/accounts/acme/budgets")]
    [InlineData("POST", "/accounts/acme/budgets")]
    [InlineData("DELETE", "/accounts/acme/budgets/b")]
    public async Task A_stranger_sees_no_costs(string method, string path)
    {
        await using var cloud = await Acme("sqlite");
        (await cloud.Send(new HttpMethod(method), path, new { }, "mallory")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Costs_are_told_by_resource()
    {
        await using var cloud = await Acme("sqlite");
        var month = (await cloud.Account("acme")).Open;
        await cloud.Ran("alice", month.From, month.From + 1, "vm-1");
        var costs = (await cloud.Get("/accounts/acme/costs")).GetProperty("costs");
        costs.GetProperty("resources").EnumerateArray().Select(r => r.GetProperty("resource").GetString()).ShouldBe(["vm-1"]);
        costs.GetProperty("unusual").GetBoolean().ShouldBeFalse();
    }

    private static async Task<BillingCloud> Acme(string kind)
    {
        var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "acme", name = "Acme" } })).Status.ShouldBe(201);
        var from = Services.Billing.Calendar.Instant.Text((await cloud.Account("acme")).ClosedUntil);
        (await cloud.Send(HttpMethod.Put, "/accounts/acme/projects/alice", new { from })).Status.ShouldBe(200);
        return cloud;
    }

    // As the keeper does, at an instant of the test's.
    private static async Task Settle(BillingCloud cloud, long now)
    {
        var account = await cloud.Account("acme");
        var draft = await cloud.Db.Read(r => Part<DraftBook>(cloud).Make(r, account, account.Open.Meet(new(0, now))));
        await cloud.Db.Write(tx => Part<AccountControl>(cloud).Settle(tx, draft, now));
    }

    private static async Task<IEnumerable<string>> Notices(BillingCloud cloud) =>
        (await cloud.Get("/accounts/acme/notices")).GetProperty("notices").EnumerateArray().Reverse().Select(n => n.GetProperty("message").GetString()!);

    private static T Part<T>(BillingCloud cloud)
        where T : notnull => cloud.Host.Parts.GetRequiredService<T>();

    private static Settlement Hourly(int hour, decimal total) => new()
    {
        AccountId = "a",
        At = hour * Hour,
        PeriodFrom = 0,
        Total = decimal.Round(total, 10).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static Invoice Invoice(string number, string total) => new()
    {
        Id = number,
        Number = number,
        EntityId = "e",
        AccountId = "a",
        Kind = "invoice",
        Currency = "EUR",
        Net = total,
        Tax = "0",
        Total = total,
        Parties = "{}",
    };
}
