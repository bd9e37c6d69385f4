using System.Text.Json;
using Ciel.Core.Keepers;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Billing;

/// <summary>From the ledger to invoices, over HTTP, on both databases.</summary>
public sealed class InvoicingTests
{
    private const long Hour = 3_600_000_000;

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_preview_is_the_sum_of_its_lines_and_names_what_has_no_price(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        var month = await cloud.Back("default", 1);
        await cloud.Ran("alice", month.From, month.From + (3 * Hour));
        await cloud.Ran("bob", month.From - Hour, month.From + Hour);
        await cloud.Ran("bob", month.From, month.From + Hour, meter: "gpu.running");
        var preview = (await cloud.Get("/accounts/default/preview")).GetProperty("preview");
        Lines(preview).ShouldBe(["usage machine 4 x 0.5 = 2.00"]);
        preview.GetProperty("total").GetRawText().ShouldBe("2.00");
        preview.GetProperty("unpriced").EnumerateArray().Select(m => m.GetString()).ShouldBe(["gpu.running"]);
        Lines((await cloud.Get("/preview", "alice")).GetProperty("preview")).ShouldBe(["usage machine 3 x 0.5 = 1.50"]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_project_is_paid_for_by_the_account_it_was_in(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        var month = await cloud.Back("default", 0);
        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "acme", name = "Acme GmbH", country = "DE" } })).Status.ShouldBe(201);
        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "acme.lab", name = "Acme's laboratory", parent = "acme" } })).Status.ShouldBe(201);
        var moved = month.From + Hour;
        (await cloud.Send(HttpMethod.Put, "/accounts/acme.lab/projects/alice", new { from = Services.Billing.Calendar.Instant.Text(moved) })).Status.ShouldBe(200);
        await cloud.Ran("alice", month.From, month.From + (3 * Hour));
        Lines((await cloud.Get("/accounts/default/preview")).GetProperty("preview")).ShouldBe(["usage machine 1 x 0.5 = 0.50"]);
        Lines((await cloud.Get("/accounts/acme/preview")).GetProperty("preview")).ShouldBe(["usage machine 2 x 0.5 = 1.00", "tax tax-standard 1 x 0.19 = 0.19"]);
        (await cloud.Send(HttpMethod.Get, "/accounts/acme.lab/preview")).Status.ShouldBe(409);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Each_month_is_invoiced_once_and_numbers_have_no_gap(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        var month = await cloud.Back("default", 3);
        await cloud.Ran("alice", month.From, month.From + Hour);
        await cloud.Ran("alice", month.To + Hour, month.To + (3 * Hour));
        var account = await cloud.Account("default");
        var draft = await cloud.Db.Read(r => Part<DraftBook>(cloud).Make(r, account, account.Open));
        var issued = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => cloud.Db.Write(tx => Part<InvoiceBook>(cloud).Issue(tx, draft, $"id-{i}"))));
        issued.Count(i => i is not null).ShouldBe(1);
        await Work(cloud);
        var invoices = (await cloud.Get("/invoices")).GetProperty("invoices").EnumerateArray().ToList();
        invoices.Select(i => $"{i.GetProperty("number")} {i.GetProperty("total").GetRawText()}").ShouldBe(["INV-000002 1.00", "INV-000001 0.50"]);
        (await cloud.Account("default")).Open.Contains(await cloud.Db.Now()).ShouldBeTrue();
        (await cloud.Get("/accounts/default")).GetProperty("account").GetProperty("balance").GetRawText().ShouldBe("-1.50");
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM billing_period"))).ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_comes_late_corrects_a_closed_month_on_the_next_invoice_and_once(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        var month = await cloud.Back("default", 2);
        await cloud.Ran("alice", month.From, month.To + Hour, "vm-1");
        await Issue(cloud);

        // The machine had stopped two hours earlier, and another had run for one: both come to light late.
        await cloud.Db.Write(tx => tx.Execute("UPDATE usage_span SET closed_at = @at", new { at = month.To - (2 * Hour) }));
        await cloud.Ran("bob", month.From, month.From + Hour, "vm-2");
        var preview = (await cloud.Get("/accounts/default/preview")).GetProperty("preview");
        Lines(preview).ShouldBe(["correction machine -1 x 0 = -0.50"]);
        preview.GetProperty("lines")[0].GetProperty("source").GetString().ShouldBe("INV-000001");
        await Issue(cloud);
        Lines((await cloud.Get("/invoices/INV-000002")).GetProperty("invoice")).ShouldBe(["correction machine -1 x 0 = -0.50"]);
        Lines((await cloud.Get("/accounts/default/preview")).GetProperty("preview")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_price_book_is_imported_whole_or_not_at_all(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        var changed = BillingCloud.Prices.Replace("price: 0.5", "price: 0.7", StringComparison.Ordinal);
        var (status, body) = await cloud.Send(HttpMethod.Put, "/prices", new StringContent(changed));
        status.ShouldBe(409);
        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("has applied already and cannot change");
        (await cloud.Send(HttpMethod.Put, "/prices", new StringContent("products: 7"))).Status.ShouldBe(400);
        (await cloud.Send(HttpMethod.Put, "/prices?check=true", new StringContent(BillingCloud.Prices + "\n# the next"))).Status.ShouldBe(200);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT MAX(version) FROM billing_book"))).ShouldBe(1);
        using var shown = new HttpRequestMessage(HttpMethod.Get, "/billing/v1/prices");
        shown.Headers.Add("X-Auth-Token", "admin");
        using var answer = await cloud.Host.Client.SendAsync(shown);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(BillingCloud.Prices);
    }

    [Theory]
    [InlineData("GET", "/prices", 403)]
    [InlineData("PUT", "/prices", 403)]
    [InlineData("POST", "/accounts", 403)]
    [InlineData("PATCH", "/accounts/default", 403)]
    [InlineData("PUT", "/accounts/default/projects/p", 403)]
    [InlineData("DELETE", "/accounts/default/projects/p", 403)]
    [InlineData("PUT", "/accounts/default/contract", 403)]
    [InlineData("GET", "/accounts/default", 404)]
    [InlineData("GET", "/accounts/default/preview", 404)]
    [InlineData("GET", "/invoices?account=default", 404)]
    [InlineData("GET", "/invoices/INV-000001", 404)]
    [InlineData("GET", "/invoices", 400)]
    public async Task A_stranger_sees_and_changes_nothing(string method, string path, int status)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        (await cloud.Send(new HttpMethod(method), path, new { }, "mallory")).Status.ShouldBe(status);
        (await cloud.Get("/accounts", "mallory")).GetProperty("accounts").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"account": {"id": "a"}}""", "'name' is a required property")]
    [InlineData("""{"account": {"id": "A b", "name": "x"}}""", "does not match")]
    [InlineData("""{"account": {"id": "a", "name": "x", "currency": "EURO"}}""", "use an ISO 4217 code")]
    [InlineData("""{"account": {"id": "a", "name": "x", "zone": "Mars/Olympus"}}""", "IANA time zone")]
    [InlineData("""{"account": {"id": "a", "name": "x", "country": "de"}}""", "two capital letters")]
    [InlineData("""{"account": {"id": "a", "name": "x", "terms_days": -1}}""", "less than the minimum")]
    [InlineData("""{"account": {"id": "a", "name": "x", "colour": "red"}}""", "'colour' was unexpected")]
    [InlineData("""{"account": {"id": "a", "name": "x", "parent": "nobody"}}""", "There is no account nobody")]
    [InlineData("""{"account": {"id": "a", "name": "x", "entity": "nobody"}}""", "There is no legal entity nobody")]
    [InlineData("""{"account": []}""", "'account'")]
    [InlineData("[", "not valid JSON")]
    public async Task A_bad_account_is_refused_in_a_sentence(string body, string said)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        var (status, answer) = await cloud.Send(HttpMethod.Post, "/accounts", new StringContent(body));
        status.ShouldBeInRange(400, 404);
        answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(said);
        (await cloud.Get("/accounts")).GetProperty("accounts").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("/accounts/default/projects/nowhere", "{}", "There is no project nowhere")]
    [InlineData("/accounts/nobody/projects/alice", "{}", "There is no account nobody")]
    [InlineData("/accounts/default/projects/alice", """{"from": "2019-01-01"}""", "neither account has been invoiced for yet")]
    [InlineData("/accounts/default/projects/alice", """{"from": "2999-01-01"}""", "A project moves now")]
    [InlineData("/accounts/default/projects/alice", """{"from": "tomorrow"}""", "write an instant")]
    [InlineData("/accounts/default/contract", """{"contract": "acme"}""", "The price book has no contract acme")]
    public async Task A_bad_move_is_refused_in_a_sentence(string path, string body, string said)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        var (status, answer) = await cloud.Send(HttpMethod.Put, path, new StringContent(body));
        status.ShouldBeInRange(400, 404);
        answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(said);
    }

    private static T Part<T>(BillingCloud cloud)
        where T : notnull => cloud.Host.Parts.GetRequiredService<T>();

    private static async Task Issue(BillingCloud cloud)
    {
        var account = await cloud.Account("default");
        var draft = await cloud.Db.Read(r => Part<DraftBook>(cloud).Make(r, account, account.Open));
        (await cloud.Db.Write(tx => Part<InvoiceBook>(cloud).Issue(tx, draft, Guid.NewGuid().ToString()))).ShouldNotBeNull();
    }

    // Runs the keepers until the account's open period is the present one.
    private static async Task Work(BillingCloud cloud)
    {
        using var stop = new CancellationTokenSource();
        var engine = new KeeperEngine(
            cloud.Db, Part<KeeperBell>(cloud), cloud.Host.Parts.GetServices<Keeper>(), TimeProvider.System, new Random(1),
            Part<Microsoft.Extensions.Logging.ILogger<KeeperEngine>>(cloud), new KeeperEngineOptions()).Run(stop.Token);
        for (var i = 0; i < 600 && !(await cloud.Account("default")).Open.Contains(await cloud.Db.Now()); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await engine;
    }

    private static IEnumerable<string> Lines(JsonElement invoice)
    {
        var lines = invoice.GetProperty("lines").EnumerateArray().ToList();
        var sum = lines.Aggregate(Fixed.Zero, (all, l) => all + Fixed.Parse(l.GetProperty("amount").GetRawText()));
        sum.ShouldBe(Fixed.Parse(invoice.GetProperty("total").GetRawText()));
        return lines.Select(l => $"{l.GetProperty("kind")} {l.GetProperty("product")} {l.GetProperty("quantity").GetRawText()} x {l.GetProperty("price").GetRawText()} = {l.GetProperty("amount").GetRawText()}");
    }
}
