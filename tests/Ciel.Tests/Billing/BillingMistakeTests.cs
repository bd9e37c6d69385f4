using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Control;
using Ciel.Services.Billing.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Billing;

/// <summary>Regressions: what an operator's slip did to customers, and what a customer could do to an operator.</summary>
public sealed class BillingMistakeTests
{
    private const long Hour = 3_600_000_000;

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_move_before_an_earlier_move_billed_the_same_hours_twice(string kind)
    {
        await using var cloud = await Accounts(kind, "a", "b");
        var open = (await cloud.Account("a")).ClosedUntil;
        (await Move(cloud, "a", open)).ShouldBe(200);
        (await Move(cloud, "b", null)).ShouldBe(200);
        (await Move(cloud, "a", open)).ShouldBe(400);
        var stays = await cloud.Db.Read(r => AccountStore.StaysOf(r, "alice"));
        stays.Zip(stays.Skip(1)).ShouldAllBe(p => p.First.ToAt <= p.Second.FromAt);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_project_that_left_a_frozen_account_stood_still_for_ever(string kind)
    {
        await using var cloud = await Accounts(kind, "a");
        (await Move(cloud, "a", null)).ShouldBe(200);
        await Freeze(cloud, "a");
        await Settle(cloud, "a");
        cloud.Identity.Suspended.Keys.ShouldBe(["alice"]);
        await Settle(cloud, "default");
        cloud.Identity.Suspended.Keys.ShouldBe(["alice"], "another's suspension is not the default account's to end");
        (await cloud.Send(HttpMethod.Delete, "/accounts/a/projects/alice")).Status.ShouldBe(204);
        await Settle(cloud, "default");
        cloud.Identity.Suspended.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_project_without_an_account_stood_still_after_its_budget_was_deleted(string kind)
    {
        await using var cloud = await Accounts(kind);
        var open = (await cloud.Account("default")).ClosedUntil;
        await cloud.Ran("alice", open, open + (4 * Hour));
        var budget = (await cloud.Send(HttpMethod.Post, "/accounts/default/budgets", new { budget = new { amount = 1, project = "alice", hard_stop = true } })).Body.GetProperty("budget").GetProperty("id").GetString();
        await Settle(cloud, "default", open + (5 * Hour));
        cloud.Identity.Suspended.Keys.ShouldBe(["alice"]);
        (await cloud.Send(HttpMethod.Delete, $"/accounts/default/budgets/{budget}")).Status.ShouldBe(204);
        await Settle(cloud, "default", open + (5 * Hour));
        cloud.Identity.Suspended.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Arrears.Frozen)]
    [InlineData(Arrears.Released)]
    public async Task A_project_moved_into_an_account_that_stands_still_was_deleted_unannounced(string state)
    {
        await using var cloud = await Accounts("sqlite", "a");
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_account SET state = @state WHERE id = 'a'", new { state }));
        (await Move(cloud, "a", null)).ShouldBe(409);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Late_usage_that_a_package_covers_was_not_taken_from_the_package(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import(BillingCloud.Prices + "\noffers:\n  - { id: ten-hours, name: Ten hours, kind: package, product: machine, quantity: 10, months: 12, currency: EUR, price: 3, from: 2020-01-01 }\n");
        var month = await cloud.Back("default", 2);
        (await cloud.Send(HttpMethod.Post, "/accounts/default/orders", new { order = new { offer = "ten-hours" } })).Status.ShouldBe(201);
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_change SET day = @day", new { day = Zone.Utc.Day(month.From).ToString("yyyy-MM-dd", null) }));
        await cloud.Ran("alice", month.From, month.From + (4 * Hour));
        await Issue(cloud);
        await cloud.Ran("alice", month.From + Hour, month.From + (4 * Hour), "late");
        var open = (await cloud.Account("default")).Open.From;
        await cloud.Ran("alice", open, open + (5 * Hour));

        // Four and three of the ten are gone: three are left for the five.
        string[] right = ["Package 3 0", "Package 3 0", "Usage 2 1"];
        (await Lines(cloud)).ShouldBe(right);
        await Issue(cloud);
        (await Lines(cloud)).ShouldBeEmpty("what was corrected is corrected");
        (await cloud.Get("/invoices")).GetProperty("invoices")[0].GetProperty("net").GetRawText().ShouldBe("1.00");

        // It had not run at all: the package has it back, and what was paid for beyond it comes back.
        await cloud.Db.Write(tx => tx.Execute("DELETE FROM usage_span WHERE resource_id = 'late'"));
        (await Lines(cloud)).ShouldBe(["Package -3 0", "Package 2 0", "Correction -2 -1"]);
    }

    [Fact]
    public async Task Another_currency_made_an_accounts_payments_other_money()
    {
        await using var cloud = await Accounts("sqlite", "a");
        (await cloud.Send(HttpMethod.Post, "/accounts/a/payments", new { payment = new { amount = 100 } })).Status.ShouldBe(201);
        (await cloud.Send(HttpMethod.Patch, "/accounts/a", new { account = new { currency = "JPY" } })).Status.ShouldBe(409);
    }

    [Fact]
    public async Task Another_zone_in_the_hour_after_a_month_made_that_month_free()
    {
        await using var cloud = await Accounts("sqlite", "a");
        var month = await cloud.Back("a", 1);
        (await cloud.Send(HttpMethod.Patch, "/accounts/a", new { account = new { zone = "Europe/Berlin" } })).Status.ShouldBe(200);
        var berlin = Zone.Find("Europe/Berlin")!;
        (await cloud.Account("a")).ClosedUntil.ShouldBe(berlin.Start(Zone.Utc.Day(month.From)));
    }

    [Fact]
    public async Task A_name_that_another_account_has_was_said_to_be_a_request_of_the_same_moment()
    {
        await using var cloud = await Accounts("sqlite", "a", "b");
        var name = (await cloud.Account("a")).Name;
        var (status, body) = await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "c", name } });
        status.ShouldBe(409);
        body.GetRawText().ShouldContain("is called");
        (await cloud.Send(HttpMethod.Patch, "/accounts/b", new { account = new { name } })).Body.GetRawText().ShouldContain("is called");
        (await cloud.Send(HttpMethod.Patch, "/accounts/a", new { account = new { name } })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_customer_could_keep_settlement_busy_with_budgets_without_end()
    {
        await using var cloud = await Accounts("sqlite", "a");
        (await Move(cloud, "a", null)).ShouldBe(200);
        var answers = new List<int>();
        for (var i = 0; i < 101; i++)
        {
            answers.Add((await cloud.Send(HttpMethod.Post, "/accounts/a/budgets", new { budget = new { amount = 1 } }, "alice:manager")).Status);
        }

        answers.Count(a => a == 201).ShouldBe(100);
        answers[^1].ShouldBe(403);
    }

    [Fact]
    public async Task A_manager_of_one_project_could_stop_the_others_of_the_account()
    {
        await using var cloud = await Accounts("sqlite", "a");
        (await Move(cloud, "a", null)).ShouldBe(200);
        Task<int> Budget(string? project) => Status(cloud.Send(HttpMethod.Post, "/accounts/a/budgets", new { budget = new { amount = 1, project } }, "alice:manager"));
        Task<int> Webhook() => Status(cloud.Send(HttpMethod.Put, "/accounts/a/webhook", new { webhook = new { url = "https://example.com/" } }, "alice:manager"));
        (await Budget(null)).ShouldBe(201);
        (await Webhook()).ShouldBe(200);
        var whole = (await cloud.Get("/accounts/a/budgets")).GetProperty("budgets")[0].GetProperty("id").GetString();

        (await cloud.Send(HttpMethod.Put, "/accounts/a/projects/bob", new { })).Status.ShouldBe(200);
        (await Budget(null)).ShouldBe(403);
        (await Budget("bob")).ShouldBe(403);
        (await Budget("alice")).ShouldBe(201);
        (await Webhook()).ShouldBe(403);
        (await cloud.Send(HttpMethod.Delete, $"/accounts/a/budgets/{whole}", null, "alice:manager")).Status.ShouldBe(403);
        (await cloud.Send(HttpMethod.Delete, "/accounts/a/budgets/none", null, "alice:manager")).Status.ShouldBe(403);
        (await cloud.Send(HttpMethod.Delete, $"/accounts/a/budgets/{whole}")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task The_list_of_accounts_grew_without_end()
    {
        await using var cloud = await Accounts("sqlite", "a", "b", "c");
        (await Ids(cloud, "?limit=2")).ShouldBe(["a", "b"]);
        (await Ids(cloud, "?limit=2&marker=b")).ShouldBe(["c", "default"]);
        (await Ids(cloud, "?marker=default")).ShouldBeEmpty();
        (await cloud.Send(HttpMethod.Get, "/accounts?limit=0")).Status.ShouldBe(400);
        (await Move(cloud, "b", null)).ShouldBe(200);
        (await Ids(cloud, "", "alice:manager")).ShouldBe(["b"]);
        (await Ids(cloud, "", "alice")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Invoices_behind_the_newest_thousand_could_not_be_listed(string kind)
    {
        await using var cloud = await FocusSample.Cloud(kind);
        async Task<List<string?>> Numbers(string query) => [.. (await cloud.Get("/invoices" + query)).GetProperty("invoices").EnumerateArray().Select(i => i.GetProperty("number").GetString())];
        var all = await Numbers("");
        all.Count.ShouldBe(3);
        foreach (var whose in (string[])["", "&account=default"])
        {
            (await Numbers("?limit=2" + whose)).ShouldBe(all[..2]);
            (await Numbers($"?limit=2&marker={all[1]}{whose}")).ShouldBe(all[2..]);
            (await Numbers($"?marker={all[2]}{whose}")).ShouldBeEmpty();
        }

        (await cloud.Send(HttpMethod.Get, "/invoices?limit=0")).Status.ShouldBe(400);
        (await cloud.Send(HttpMethod.Get, "/invoices?marker=INV-999999")).Status.ShouldBe(404);
    }

    /// <summary>A manager of one customer's project asks for another's.</summary>
    [Theory]
    [InlineData("GET", "/accounts/b")]
    [InlineData("GET", "/accounts/b/preview")]
    [InlineData("GET", "/accounts/b/costs")]
    [InlineData("GET", "/accounts/b/costs/project")]
    [InlineData("GET", "/accounts/b/budgets")]
    [InlineData("DELETE", "/accounts/b/budgets/x")]
    [InlineData("GET", "/accounts/b/tags")]
    [InlineData("GET", "/accounts/b/notices")]
    [InlineData("GET", "/accounts/b/webhook")]
    [InlineData("DELETE", "/accounts/b/webhook")]
    [InlineData("GET", "/accounts/b/statement")]
    [InlineData("GET", "/accounts/b/orders")]
    [InlineData("PUT", "/accounts/b/coupons/GIFT")]
    [InlineData("GET", "/invoices?account=b")]
    [InlineData("GET", "/invoices/INV-000001")]
    [InlineData("GET", "/invoices/INV-000001.pdf")]
    [InlineData("GET", "/invoices/INV-000001.xml")]
    [InlineData("GET", "/focus?account=b")]
    public async Task Another_customers_manager_sees_nothing(string method, string path)
    {
        await using var cloud = await Accounts("sqlite", "a", "b");
        (await Move(cloud, "a", null)).ShouldBe(200);
        var month = await cloud.Back("b", 1);
        (await cloud.Send(HttpMethod.Put, "/accounts/b/projects/bob", new { from = Instant.Text(month.From) })).Status.ShouldBe(400, "the default account has been invoiced");
        await cloud.Ran("bob", month.From, month.From + Hour);
        await cloud.Db.Write(tx => AccountStore.Insert(tx, new Membership { ProjectId = "bob", AccountId = "b", PayerId = "b", FromAt = month.From }));
        var account = await cloud.Account("b");
        var draft = await cloud.Db.Read(r => Part<DraftBook>(cloud).Make(r, account, account.Open));
        (await cloud.Db.Write(tx => Part<InvoiceBook>(cloud).Issue(tx, draft, "i1")))!.Number.ShouldBe("INV-000001");
        (await cloud.Send(HttpMethod.Get, "/invoices/INV-000001", token: "bob:manager")).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Get, "/accounts/a", token: "alice:manager")).Status.ShouldBe(200);
        (await cloud.Send(new HttpMethod(method), path, token: "alice:manager")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public async Task A_sandbox_at_the_end_of_time_broke(string clock)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "trial", name = "Trial", sandbox = true, clock } })).Status.ShouldBe(400);
    }

    private static async Task<BillingCloud> Accounts(string kind, params string[] ids)
    {
        var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        foreach (var id in ids)
        {
            (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id, name = "Account " + id } })).Status.ShouldBe(201);
        }

        return cloud;
    }

    private static async Task<int> Status(Task<(int Status, System.Text.Json.JsonElement Body)> answer) => (await answer).Status;

    private static async Task<int> Move(BillingCloud cloud, string account, long? from) =>
        (await cloud.Send(HttpMethod.Put, $"/accounts/{account}/projects/alice", new { from = from is { } at ? Instant.Text(at) : null })).Status;

    private static async Task<List<string?>> Ids(BillingCloud cloud, string query, string token = "admin") =>
        [.. (await cloud.Get("/accounts" + query, token)).GetProperty("accounts").EnumerateArray().Select(a => a.GetProperty("id").GetString())];

    // A prepaid account whose balance is used up.
    private static async Task Freeze(BillingCloud cloud, string id)
    {
        (await cloud.Send(HttpMethod.Patch, $"/accounts/{id}", new { account = new { prepaid = true } })).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Post, $"/accounts/{id}/payments", new { payment = new { amount = 1, kind = "refund" } })).Status.ShouldBe(201);
    }

    private static async Task Settle(BillingCloud cloud, string id, long? at = null)
    {
        var (account, now) = (await cloud.Account(id), at ?? await cloud.Db.Now());
        var draft = await cloud.Db.Read(r => Part<DraftBook>(cloud).Make(r, account, account.Open.Meet(new(0, now))));
        await cloud.Db.Write(tx => Part<AccountControl>(cloud).Settle(tx, draft, now));
    }

    private static async Task<Draft> Draft(BillingCloud cloud)
    {
        var account = await cloud.Account("default");
        return await cloud.Db.Read(r => Part<DraftBook>(cloud).Make(r, account, account.Open));
    }

    private static async Task<IEnumerable<string>> Lines(BillingCloud cloud) =>
        (await Draft(cloud)).Lines.Where(l => l.Charge.Kind != Services.Billing.Rating.ChargeKind.Tax).Select(l => $"{l.Charge.Kind} {l.Charge.Quantity} {l.Amount}");

    private static async Task Issue(BillingCloud cloud)
    {
        var draft = await Draft(cloud);
        (await cloud.Db.Write(tx => Part<InvoiceBook>(cloud).Issue(tx, draft, Guid.NewGuid().ToString()))).ShouldNotBeNull();
    }

    private static T Part<T>(BillingCloud cloud)
        where T : notnull => cloud.Host.Parts.GetRequiredService<T>();
}
