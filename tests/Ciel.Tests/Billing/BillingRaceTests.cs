using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Control;
using Ciel.Services.Billing.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Billing;

/// <summary>Regressions: two things at once, or one after what it was decided by had changed.</summary>
public sealed class BillingRaceTests
{
    private const long Hour = 3_600_000_000;

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_payment_between_rating_and_settling_came_too_late_to_stop_a_release(string kind)
    {
        await using var cloud = await Acme(kind);
        await Owe(cloud);
        var (draft, now) = (await Draft(cloud, "acme"), await cloud.Db.Now());
        await cloud.Db.Write(tx => tx.Execute(
            "UPDATE billing_account SET state = 'frozen', release_after_days = 30, release_at = @at, release_told = 1 WHERE id = 'acme'", new { at = now - Hour }));
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_invoice SET due_at = 0"));
        (await cloud.Send(HttpMethod.Post, "/accounts/acme/payments", new { payment = new { amount = 10 } })).Status.ShouldBe(201);
        await cloud.Db.Write(tx => Part<AccountControl>(cloud).Settle(tx, draft, now));
        cloud.Identity.Released.ShouldBeEmpty();
        (await cloud.Account("acme")).State.ShouldBe(Arrears.Active);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_credit_note_on_all_that_was_owed_was_seen_an_hour_later(string kind)
    {
        await using var cloud = await Acme(kind);
        await Owe(cloud);
        const long Never = long.MaxValue;
        await cloud.Db.Write(tx => tx.Execute("UPDATE keeper SET wake_at = @Never WHERE id = 'billing-acme'", new { Never }));
        (await cloud.Send(HttpMethod.Post, "/invoices/INV-000001/credit-notes", new { credit_note = new { } })).Status.ShouldBe(201);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT wake_at FROM keeper WHERE id = 'billing-acme'"))).ShouldBeLessThan(Never);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Controllers_that_settled_the_same_hour_wrote_their_notices_twice(string kind)
    {
        await using var cloud = await Acme(kind);
        await Owe(cloud);
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_invoice SET due_at = 0"));
        (await cloud.Send(HttpMethod.Post, "/accounts/acme/budgets", new { budget = new { amount = 1 } })).Status.ShouldBe(201);
        var open = (await cloud.Account("acme")).Open;
        await cloud.Ran("alice", open.From, open.From + (4 * Hour));
        var (draft, now) = (await Draft(cloud, "acme", whole: true), await cloud.Db.Now());
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => cloud.Db.Write(tx => Part<AccountControl>(cloud).Settle(tx, draft, now))));
        var kinds = (await cloud.Get("/accounts/acme/notices")).GetProperty("notices").EnumerateArray().Select(n => n.GetProperty("kind").GetString()).ToList();
        kinds.Count(k => k == "frozen").ShouldBe(1);
        kinds.Count(k => k == "budget").ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_change_of_an_account_opened_the_month_that_was_just_being_invoiced(string kind)
    {
        await using var cloud = await Acme(kind);
        await cloud.Back("acme", 1);
        var draft = await Draft(cloud, "acme", whole: true);
        var changes = Enumerable.Range(0, 8).Select(i => cloud.Send(HttpMethod.Patch, "/accounts/acme", new { account = new { name = $"Acme {i}" } }));
        var issue = cloud.Db.Write(tx => Part<InvoiceBook>(cloud).Issue(tx, draft, "i1"));
        (await Task.WhenAll(changes)).ShouldAllBe(c => c.Status == 200);
        await issue;
        (await cloud.Account("acme")).ClosedUntil.ShouldBe(draft.Period.To);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_change_of_an_orders_offer_took_back_the_quantity_that_was_set_meanwhile(string kind)
    {
        const string Offers =
            """
            offers:
              - { id: small, name: Small, kind: subscription, every: month, currency: EUR, price: 10, from: 2020-01-01 }
              - { id: large, name: Large, kind: subscription, every: month, currency: EUR, price: 20, from: 2020-01-01 }
            """;
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import(BillingCloud.Prices + "\n" + Offers);
        var order = (await cloud.Send(HttpMethod.Post, "/accounts/default/orders", new { order = new { offer = "small" } })).Body.GetProperty("order").GetProperty("id").GetString();
        object[] changes = [new { quantity = 7 }, .. Enumerable.Range(0, 6).Select(i => (object)new { offer = i % 2 == 0 ? "large" : "small" })];
        (await Task.WhenAll(changes.Select(c => cloud.Send(HttpMethod.Patch, $"/accounts/default/orders/{order}", new { order = c })))).ShouldAllBe(a => a.Status == 200);
        var after = (await cloud.Get("/accounts/default/orders")).GetProperty("orders")[0];
        after.GetProperty("quantity").GetInt64().ShouldBe(7);
        after.GetProperty("changes").GetArrayLength().ShouldBe(8);
    }

    private static async Task<BillingCloud> Acme(string kind)
    {
        var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "acme", name = "Acme" } })).Status.ShouldBe(201);
        var from = Instant.Text((await cloud.Account("acme")).ClosedUntil);
        (await cloud.Send(HttpMethod.Put, "/accounts/acme/projects/alice", new { from })).Status.ShouldBe(200);
        return cloud;
    }

    // Twenty hours of last month, 10.00, are invoiced.
    private static async Task Owe(BillingCloud cloud)
    {
        var month = await cloud.Back("acme", 1);
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_project SET from_at = @from", new { from = month.From }));
        await cloud.Ran("alice", month.From, month.From + (20 * Hour));
        var draft = await Draft(cloud, "acme", whole: true);
        (await cloud.Db.Write(tx => Part<InvoiceBook>(cloud).Issue(tx, draft, "i1")))!.Total.ShouldBe("10");
    }

    private static async Task<Draft> Draft(BillingCloud cloud, string id, bool whole = false)
    {
        var (account, now) = (await cloud.Account(id), await cloud.Db.Now());
        return await cloud.Db.Read(r => Part<DraftBook>(cloud).Make(r, account, whole ? account.Open : account.Open.Meet(new(0, now))));
    }

    private static T Part<T>(BillingCloud cloud)
        where T : notnull => cloud.Host.Parts.GetRequiredService<T>();
}
