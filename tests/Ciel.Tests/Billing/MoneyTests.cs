using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Billing;

/// <summary>Orders, coupons, payments and credit notes over HTTP, on both databases.</summary>
public sealed class MoneyTests
{
    private const long Hour = 3_600_000_000;

    private const string Offers =
        """

        offers:
          - { id: support, name: Support, kind: subscription, every: month, currency: EUR, price: 31, from: 2020-01-01 }
          - { id: ten-hours, name: Ten hours, kind: package, product: machine, quantity: 10, months: 12, currency: EUR, price: 4, from: 2020-01-01 }
          - { id: always, name: One machine always, kind: reservation, product: machine, months: 12, currency: EUR, price: 0.25, from: 2020-01-01 }
        """;

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Orders_are_paid_and_cover_usage(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import(BillingCloud.Prices + Offers);
        await Order(cloud, "support", 2);
        await Order(cloud, "ten-hours", 1);
        var now = await cloud.Db.Now();
        await cloud.Ran("alice", now - Hour, now + (11 * Hour));
        var lines = await Draft(cloud, now + (12 * Hour));
        lines.ShouldBe(["Subscription support 2 62", "Purchase ten-hours 1 4", "Package machine 10 0", "Usage machine 2 1"], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_package_is_used_up_over_invoices(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import(BillingCloud.Prices + Offers);
        var month = await cloud.Back("default", 1);
        await Order(cloud, "ten-hours", 1);
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_change SET day = @day", new { day = Services.Billing.Calendar.Zone.Utc.Day(month.From).ToString("yyyy-MM-dd", null) }));
        await cloud.Ran("alice", month.From, month.From + (7 * Hour));
        await cloud.Ran("alice", month.To, month.To + (7 * Hour));
        await Issue(cloud);
        (await Draft(cloud, month.To + (8 * Hour))).ShouldBe(["Package machine 3 0", "Usage machine 4 2"], ignoreOrder: true);
    }

    /// <summary>Regression: a month in which a package covered everything left no invoice, and what it had used of the package was forgotten.</summary>
    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_month_that_a_package_covers_whole_is_taken_from_it(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import(BillingCloud.Prices + Offers);
        var month = await cloud.Back("default", 2);
        await Order(cloud, "ten-hours", 1);
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_change SET day = @day", new { day = Services.Billing.Calendar.Zone.Utc.Day(month.From).ToString("yyyy-MM-dd", null) }));
        await cloud.Ran("alice", month.From, month.From + (4 * Hour));
        await cloud.Ran("alice", month.To, month.To + (4 * Hour));
        await Issue(cloud);
        await Issue(cloud);
        var open = (await cloud.Account("default")).Open.From;
        await cloud.Ran("alice", open, open + (3 * Hour));
        (await Draft(cloud, open + (3 * Hour))).ShouldBe(["Package machine 2 0", "Usage machine 1 0.5"], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_coupon_is_redeemed_once_and_lasts_over_invoices(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        var month = await cloud.Back("default", 1);
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_account SET country = 'DE'"));
        (await cloud.Send(HttpMethod.Post, "/coupons", new { coupon = new { code = "WELCOME", amount = 5, currency = "EUR", from = "2020-01-01" } })).Status.ShouldBe(201);
        (await cloud.Send(HttpMethod.Put, "/accounts/default/coupons/WELCOME")).Status.ShouldBe(204);
        (await cloud.Send(HttpMethod.Put, "/accounts/default/coupons/WELCOME")).Status.ShouldBe(204);
        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "acme", name = "Acme" } })).Status.ShouldBe(201);
        (await cloud.Send(HttpMethod.Put, "/accounts/acme/coupons/WELCOME")).Status.ShouldBe(404);
        await cloud.Ran("alice", month.From, month.From + (8 * Hour));
        await cloud.Ran("alice", month.To, month.To + (8 * Hour));
        (await Draft(cloud, month.To)).ShouldBe(["Usage machine 8 4", "Coupon WELCOME 1 -4", "Tax tax-standard 0 0"]);
        await Issue(cloud);

        // The month that is now: 4.00 less the 1.00 that is left, and 19 % of 3.00.
        (await Draft(cloud, month.To + (9 * Hour))).ShouldBe(["Usage machine 8 4", "Coupon WELCOME 1 -1", "Tax tax-standard 3 0.57"]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_was_paid_before_is_on_the_invoice_and_a_credit_note_gives_back(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_account SET country = 'DE'"));
        var month = await cloud.Back("default", 1);
        for (var i = 0; i < 2; i++)
        {
            (await cloud.Send(HttpMethod.Post, "/accounts/default/payments", new { payment = new { amount = 3.5, reference = "bank-1" } })).Status.ShouldBe(201);
        }

        (await cloud.Send(HttpMethod.Post, "/accounts/default/payments", new { payment = new { amount = 4, reference = "bank-1" } })).Status.ShouldBe(409);
        await cloud.Ran("alice", month.From, month.From + (20 * Hour));
        var number = await Issue(cloud);
        var invoice = (await cloud.Get("/invoices/" + number)).GetProperty("invoice");
        string.Join(' ', ((string[])["net", "tax", "total", "prepaid", "payable"]).Select(n => invoice.GetProperty(n).GetRawText())).ShouldBe("10.00 1.90 11.90 3.50 8.40");
        var (status, body) = await cloud.Send(HttpMethod.Post, $"/invoices/{number}/credit-notes", new { credit_note = new { net = 3.33, reason = "an outage" } });
        status.ShouldBe(201, body.ToString());
        body.GetProperty("credit_note").GetProperty("total").GetRawText().ShouldBe("-3.96");
        (await cloud.Send(HttpMethod.Post, $"/invoices/{number}/credit-notes", new { credit_note = new { } })).Body.GetProperty("credit_note").GetProperty("total").GetRawText().ShouldBe("-7.94");
        (await cloud.Send(HttpMethod.Post, $"/invoices/{number}/credit-notes", new { credit_note = new { net = 0.01 } })).Status.ShouldBe(409);
        var entries = (await cloud.Get("/accounts/default/statement")).GetProperty("entries").EnumerateArray();
        entries.Select(e => $"{e.GetProperty("kind")} {e.GetProperty("amount").GetRawText()} {e.GetProperty("balance").GetRawText()}")
            .ShouldBe(["payment 3.50 3.50", "invoice -11.90 -8.40", "credit-note 3.96 -4.44", "credit-note 7.94 3.50"]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Credit_notes_at_once_take_back_no_more_than_there_was(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        var month = await cloud.Back("default", 1);
        await cloud.Ran("alice", month.From, month.From + (20 * Hour));
        var number = await Issue(cloud);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => cloud.Send(HttpMethod.Post, $"/invoices/{number}/credit-notes", new { credit_note = new { net = 3 } })));
        answers.Count(a => a.Status == 201).ShouldBe(3);
        answers.ShouldAllBe(a => a.Status == 201 || a.Status == 409);
    }

    [Theory]
    [InlineData("POST", "/accounts/default/payments", """{"payment": {"amount": 1.005}}""", 400)]
    [InlineData("POST", "/accounts/default/payments", """{"payment": {"amount": -1}}""", 400)]
    [InlineData("POST", "/accounts/default/payments", """{"payment": {"amount": "1e3"}}""", 400)]
    [InlineData("POST", "/accounts/default/payments", """{"payment": {"amount": [1]}}""", 400)]
    [InlineData("POST", "/accounts/nobody/payments", """{"payment": {"amount": 1}}""", 404)]
    [InlineData("POST", "/accounts/default/orders", """{"order": {"offer": "unicorn"}}""", 400)]
    [InlineData("POST", "/accounts/default/orders", """{"order": {"offer": "support", "quantity": 0}}""", 400)]
    [InlineData("DELETE", "/accounts/default/orders/none", "{}", 404)]
    [InlineData("POST", "/coupons", """{"coupon": {"code": "X1X"}}""", 400)]
    [InlineData("POST", "/coupons", """{"coupon": {"code": "X1X", "percent": 101}}""", 400)]
    [InlineData("POST", "/coupons", """{"coupon": {"code": "X1X", "amount": 5}}""", 400)]
    [InlineData("POST", "/coupons", """{"coupon": {"code": "X 1", "percent": 10}}""", 400)]
    [InlineData("PUT", "/accounts/default/coupons/none", "{}", 404)]
    [InlineData("POST", "/invoices/INV-9/credit-notes", """{"credit_note": {}}""", 404)]
    public async Task Bad_input_changes_nothing(string method, string path, string body, int status)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        await cloud.Import(BillingCloud.Prices + Offers);
        (await cloud.Send(new HttpMethod(method), path, new StringContent(body))).Status.ShouldBe(status);
        foreach (var table in (string[])["billing_entry", "billing_order", "billing_coupon", "billing_redemption"])
        {
            (await cloud.Db.Read(r => r.Scalar<long>($"SELECT COUNT(*) FROM {table}"))).ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("GET", "/accounts/default/statement", 404)]
    [InlineData("GET", "/accounts/default/orders", 404)]
    [InlineData("PUT", "/accounts/default/coupons/WELCOME", 404)]
    [InlineData("POST", "/accounts/default/payments", 403)]
    [InlineData("POST", "/accounts/default/orders", 403)]
    [InlineData("PATCH", "/accounts/default/orders/o1", 403)]
    [InlineData("DELETE", "/accounts/default/orders/o1", 403)]
    [InlineData("GET", "/coupons", 403)]
    [InlineData("POST", "/coupons", 403)]
    [InlineData("POST", "/invoices/INV-1/credit-notes", 403)]
    public async Task A_stranger_moves_no_money(string method, string path, int status)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        (await cloud.Send(new HttpMethod(method), path, new { }, "mallory")).Status.ShouldBe(status);
    }

    private static async Task Order(BillingCloud cloud, string offer, int quantity) =>
        (await cloud.Send(HttpMethod.Post, "/accounts/default/orders", new { order = new { offer, quantity } })).Status.ShouldBe(201);

    private static async Task<List<string>> Draft(BillingCloud cloud, long until)
    {
        var account = await cloud.Account("default");
        var draft = await cloud.Db.Read(r => cloud.Host.Parts.GetRequiredService<DraftBook>().Make(r, account, account.Open with { To = until }));
        draft.Lines.Aggregate(Fixed.Zero, (sum, l) => sum + l.Amount).ShouldBe(draft.Total);
        return [.. draft.Lines.Select(l => $"{l.Charge.Kind} {l.Charge.Product} {l.Charge.Quantity} {l.Amount}")];
    }

    private static async Task<string> Issue(BillingCloud cloud)
    {
        var account = await cloud.Account("default");
        var draft = await cloud.Db.Read(r => cloud.Host.Parts.GetRequiredService<DraftBook>().Make(r, account, account.Open));
        return (await cloud.Db.Write(tx => cloud.Host.Parts.GetRequiredService<InvoiceBook>().Issue(tx, draft, Guid.NewGuid().ToString())))!.Number;
    }
}
