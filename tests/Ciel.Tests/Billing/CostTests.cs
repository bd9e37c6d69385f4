using Ciel.Services.Billing.Documents;

namespace Ciel.Tests.Billing;

/// <summary>Cost reports: whatever they are grouped by, they come to the invoice's net to the last digit.</summary>
public sealed class CostTests
{
    private const string Book =
        """
        products:
          - { id: machine, name: Machine, meter: server.running, unit: server-hour }
          - { id: disk, name: Disk, meter: server.disk, unit: GiB-hour }
        prices:
          - { product: machine, currency: EUR, from: 2020-01-01, price: 0.333 }
          - { product: disk, currency: EUR, from: 2020-01-01, price: 0.001 }
        taxes:
          - { country: DE, percent: 19, from: 2020-01-01 }
        offers:
          - { id: support, name: Support, kind: subscription, every: month, currency: EUR, from: 2020-01-01, price: 31 }
        """;

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Months_are_told_by_whatever_the_customer_thinks_in(string kind)
    {
        await using var cloud = await Sandbox.Start(kind, new { id = "trial", name = "Trial", country = "DE", sandbox = true, clock = "2026-01-01" }, Book);
        await cloud.Use(new { project = "web", resource = "vm-1", meter = "server.running", unit = "server", from = "2026-01-01", to = "2026-01-01T01:00:00Z" });
        await cloud.Use(new { project = "web", resource = "vm-1", meter = "server.disk", unit = "GiB", from = "2026-01-01", to = "2026-02-01T02:00:00Z" });
        await cloud.Use(new { project = "lab", resource = "vm-2", meter = "server.running", unit = "server", from = "2026-01-01", to = "2026-01-01T02:00:00Z" });
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/orders", new { order = new { offer = "support" } })).Status.ShouldBe(201);
        (await cloud.Send(HttpMethod.Put, "/accounts/trial/tags/trial:web", new { tags = new { env = "live", team = "shop" } })).Status.ShouldBe(204);
        (await cloud.Send(HttpMethod.Put, "/accounts/trial/tags/vm-2", new { tags = new { env = "test" } })).Status.ShouldBe(204);
        (await cloud.Get("/accounts/trial/tags")).GetProperty("tags").EnumerateArray().Select(t => $"{t.GetProperty("thing")} {t.GetProperty("tag")}={t.GetProperty("value")}")
            .ShouldBe(["trial:web env=live", "trial:web team=shop", "vm-2 env=test"]);
        await cloud.Advance("2026-02-02");

        // 3 h at 0.333 are 0.999, so 1.00 on the invoice; 744 GiB-hours are 0.744, so 0.74.
        const string January = "?from=2026-01";
        (await Report(cloud, "project" + January)).ShouldBe(["= 30.997", "trial:lab = 0.666", "trial:web = 1.077"]);
        (await Report(cloud, "resource" + January)).ShouldBe(["= 30.997", "vm-1 = 1.077", "vm-2 = 0.666"]);
        (await Report(cloud, "meter" + January)).ShouldBe(["rounding = -0.003", "server.disk = 0.744", "server.running = 0.999", "support = 31"]);
        (await Report(cloud, "tag:env" + January)).ShouldBe(["= 30.997", "live = 1.077", "test = 0.666"]);
        (await Report(cloud, "tag:team" + January)).ShouldBe(["= 31.663", "shop = 1.077"]);
        (await cloud.Get("/invoices/SANDBOX.trial.000001")).GetProperty("invoice").GetProperty("net").GetRawText().ShouldBe("32.74");

        // The open month so far, alone and with the one before.
        (await Report(cloud, "project")).ShouldBe(["= 30.998", "trial:web = 0.002"]);
        (await Report(cloud, "product?from=2026-01&to=2026-02")).ShouldBe(["disk = 0.746", "machine = 0.999", "rounding = -0.005", "support = 62"]);
        (await cloud.Get("/accounts/trial/costs/project?from=2026-01&to=2026-02")).GetProperty("costs").GetProperty("net").GetRawText().ShouldBe("63.74");
        (await Report(cloud, "project?from=2025-01")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_cost_centre_stands_in_reports_and_on_the_invoice(string kind)
    {
        await using var cloud = await Sandbox.Start(kind, new { id = "trial", name = "Trial", country = "DE", sandbox = true, clock = "2026-01-01" }, Book);
        (await cloud.Send(HttpMethod.Put, "/accounts/trial/projects/trial:web", new { cost_centre = "4711" })).Status.ShouldBe(200);
        await cloud.Pay(1000);
        await cloud.Use(new { project = "web", resource = "vm-1", meter = "server.running", unit = "server", from = "2026-01-01", to = "2026-01-03" });
        await cloud.Advance("2026-02-02");
        (await Report(cloud, "cost-centre?from=2026-01")).ShouldBe(["= -0.004", "4711 = 15.984"], "what rounding adds is nobody's");
        (await Buyer(cloud, "SANDBOX.trial.000001")).ShouldBe("4711", "all projects have the same");
        await cloud.Use(new { project = "lab", resource = "vm-2", meter = "server.running", unit = "server", from = "2026-02-03", to = "2026-02-04" });
        await cloud.Advance("2026-03-02");
        (await Buyer(cloud, "SANDBOX.trial.000002")).ShouldBeNull("two projects, one of them in none");
        (await cloud.Send(HttpMethod.Patch, "/accounts/trial", new { account = new { details = new { cost_centre = "0815" } } })).Status.ShouldBe(200);
        await cloud.Use(new { project = "lab", resource = "vm-2", meter = "server.running", unit = "server", from = "2026-03-03", to = "2026-03-04" });
        await cloud.Advance("2026-04-02");
        (await Buyer(cloud, "SANDBOX.trial.000003")).ShouldBe("0815");
        (await Report(cloud, "cost-centre?from=2026-03")).ShouldBe(["0815 = 7.99"]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Another_cost_centre_changed_the_reports_of_months_before(string kind)
    {
        await using var cloud = await Sandbox.Start(kind, new { id = "trial", name = "Trial", sandbox = true, clock = "2026-01-10" }, Book);
        (await cloud.Send(HttpMethod.Put, "/accounts/trial/projects/trial:web", new { cost_centre = "4711" })).Status.ShouldBe(200);
        await cloud.Pay(1000);
        await cloud.Use(new { project = "web", resource = "vm-1", meter = "server.running", unit = "server", from = "2026-01-10", to = "2026-01-11" });
        await cloud.Advance("2026-02-02");
        (await cloud.Send(HttpMethod.Put, "/accounts/trial/projects/trial:web", new { cost_centre = "0815" })).Status.ShouldBe(200);
        (await Report(cloud, "cost-centre?from=2026-01")).ShouldBe(["= -0.002", "4711 = 7.992"]);

        // FOCUS says the same, also of a project that came within the month.
        var rows = FocusSample.Read(await FocusSample.Text(cloud, "/focus?account=trial&columns=ChargeCategory,Tags"));
        rows.Where(r => r["ChargeCategory"] == "Usage").Select(r => r["Tags"]).ShouldBe(["""{"ciel:cost-centre":"4711"}"""]);
    }

    [Theory]
    [InlineData("GET", "/accounts/trial/costs/colour", "{}", 400)]
    [InlineData("GET", "/accounts/trial/costs/tag:", "{}", 400)]
    [InlineData("GET", "/accounts/trial/costs/project?from=soon", "{}", 400)]
    [InlineData("GET", "/accounts/trial/costs/project?from=0001-01", "{}", 400)]
    [InlineData("GET", "/accounts/trial/costs/project?from=2026-03&to=2026-01", "{}", 400)]
    [InlineData("GET", "/accounts/nobody/costs/project", "{}", 404)]
    [InlineData("PUT", "/accounts/trial/tags/vm", "{}", 400)]
    [InlineData("PUT", "/accounts/trial/tags/vm", """{"tags": {"a": 7}}""", 400)]
    [InlineData("PUT", "/accounts/trial/tags/vm", """{"tags": {"": "a"}}""", 400)]
    [InlineData("PUT", "/accounts/nobody/tags/vm", """{"tags": {}}""", 404)]
    public async Task Bad_questions_are_answered_in_a_sentence_and_strangers_see_nothing(string method, string path, string body, int status)
    {
        await using var cloud = await Sandbox.Start("sqlite", new { id = "trial", name = "Trial", sandbox = true }, Book, keepers: false);
        (await cloud.Send(new HttpMethod(method), path, new StringContent(body))).Status.ShouldBe(status);
        (await cloud.Send(new HttpMethod(method), path.Split('?')[0].Replace("colour", "meter", StringComparison.Ordinal).Replace("tag:", "tag:a", StringComparison.Ordinal), new StringContent(body), "mallory")).Status.ShouldBe(404);
    }

    [Fact]
    public void An_e_invoice_says_where_the_customer_books_it()
    {
        var charge = SamplePaper.Charge(Services.Billing.Rating.ChargeKind.Usage, "2", "5", "10");
        var buyer = SamplePaper.Buyer with { Details = """{"city":"Paris","cost_centre":"4711"}""" };
        var xml = System.Xml.Linq.XDocument.Parse(System.Text.Encoding.UTF8.GetString(Cii.Of(EInvoiceMaker.Of(SamplePaper.Of([charge], [SamplePaper.Rate("S", "20")], buyer)))));
        var last = xml.Descendants().Single(e => e.Name.LocalName == "ApplicableHeaderTradeSettlement").Elements().Last();
        (last.Name.LocalName, last.Value).ShouldBe(("ReceivableSpecifiedTradeAccountingAccount", "4711"), "BT-19");
    }

    private static async Task<string?> Buyer(BillingCloud cloud, string number)
    {
        var buyer = (await cloud.Get("/invoices/" + number)).GetProperty("invoice").GetProperty("parties").GetProperty("buyer").GetProperty("details");
        return buyer.TryGetProperty("cost_centre", out var centre) ? centre.GetString() : null;
    }

    private static async Task<List<string>> Report(BillingCloud cloud, string by)
    {
        var costs = (await cloud.Get("/accounts/trial/costs/" + by)).GetProperty("costs");
        return [.. costs.GetProperty("costs").EnumerateArray().Select(c => $"{c.GetProperty("key")} = {c.GetProperty("amount").GetRawText()}".Trim())];
    }
}
