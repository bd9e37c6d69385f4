using System.Text.RegularExpressions;
using Ciel.Core.Store;
using Ciel.Services.Billing;

namespace Ciel.Tests.Billing;

/// <summary>A sandbox can be deleted with all that it had, and nothing else.</summary>
public sealed class SandboxRemovalTests
{
    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_deleted_sandbox_leaves_every_table_as_it_was_before(string kind)
    {
        const string Offers = "\noffers:\n  - { id: support, name: Support, kind: subscription, every: month, currency: EUR, from: 2020-01-01, price: 31 }\ncontracts:\n  - { id: frame, name: Frame, discounts: [{ products: \"*\", percent: 10, from: 2020-01-01 }] }";
        await using var cloud = await Sandbox.Start(kind, new { id = "other", name = "Other", sandbox = true, clock = "2026-01-01" }, BillingCloud.Prices + Offers);
        (await cloud.Send(HttpMethod.Put, "/accounts/other/tags/vm", new { tags = new { a = "b" } })).Status.ShouldBe(204);
        (await cloud.Send(HttpMethod.Post, "/coupons", new { coupon = new { code = "TENTH", percent = 10, from = "2026-01-01", to = "2030-12-31" } })).Status.ShouldBe(201);
        await Until(async () => (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM billing_settlement WHERE account_id = 'other'"))) == 1);
        var before = await Rows(cloud, kind);

        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "trial", name = "Trial", country = "DE", sandbox = true, clock = "2026-01-01" } })).Status.ShouldBe(201);
        await Fill(cloud);
        var full = await Rows(cloud, kind);
        full.Keys.Where(t => full[t].Count == before[t].Count).Order(StringComparer.Ordinal).ToList()
            .ShouldBe(["billing_book", "billing_coupon", "billing_entity", "billing_provider"], "all other tables have something of it");

        (await cloud.Send(HttpMethod.Delete, "/accounts/trial")).Status.ShouldBe(204);
        (await cloud.Send(HttpMethod.Delete, "/accounts/trial")).Status.ShouldBe(404);
        await Until(async () => await Keepers(cloud, "trial") == 0);
        var after = await Rows(cloud, kind);
        foreach (var table in before.Keys)
        {
            after[table].ShouldBe(before[table], table);
        }

        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "trial", name = "Trial", sandbox = true, clock = "2027-01-01" } })).Status.ShouldBe(201);
        (await cloud.Advance("2027-01-02")).GetProperty("projects").GetArrayLength().ShouldBe(0, "the same name begins anew");
    }

    [Fact]
    public async Task A_real_account_stays_and_so_it_is_said()
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        var (status, body) = await cloud.Send(HttpMethod.Delete, "/accounts/default");
        status.ShouldBe(409);
        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("Only a sandbox can be deleted");
        (await cloud.Send(HttpMethod.Delete, "/accounts/default", token: "mallory")).Status.ShouldBe(403);
        (await cloud.Send(HttpMethod.Delete, "/accounts/nobody")).Status.ShouldBe(404);
    }

    // Something in every table that can have something of a sandbox.
    private static async Task Fill(BillingCloud cloud)
    {
        // Nobody listens there, so that what is told waits.
        async Task Do(HttpMethod method, string path, object body, int status) => (await cloud.Send(method, "/accounts/trial" + path, body)).Status.ShouldBe(status, path);
        await Do(HttpMethod.Put, "/webhook", new { webhook = new { url = "http://127.0.0.1:1/" } }, 200);
        await Do(HttpMethod.Put, "/projects/trial:web", new { cost_centre = "4711" }, 200);
        await Do(HttpMethod.Put, "/contract", new { contract = "frame" }, 200);
        await Do(HttpMethod.Put, "/coupons/TENTH", new { }, 204);
        await Do(HttpMethod.Put, "/tags/vm", new { tags = new { a = "b" } }, 204);
        await Do(HttpMethod.Post, "/orders", new { order = new { offer = "support" } }, 201);
        await Do(HttpMethod.Post, "/budgets", new { budget = new { amount = 1 } }, 201);
        await cloud.Pay(100);
        await cloud.Use(new { project = "web", resource = "vm", meter = "server.running", unit = "server", from = "2026-01-01" });
        await cloud.Use(new { project = "web", resource = "bucket", meter = "object.requests", unit = "request", at = "2026-01-02" });
        await cloud.Advance("2026-02-02");
    }

    private static Task<long> Keepers(BillingCloud cloud, string account) => cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM keeper WHERE id LIKE @id", new { id = "billing-%" + account }));

    // Every table of billing's, row by row as text; the default account is settled by the real clock.
    private static async Task<Dictionary<string, List<string>>> Rows(BillingCloud cloud, string kind)
    {
        var tables = Tables("CREATE TABLE (billing_[a-z_]+)").Except(Tables("ALTER TABLE (billing_[a-z_]+) RENAME TO"));
        var rows = new Dictionary<string, List<string>>();
        foreach (var table in tables)
        {
            rows[table] = await cloud.Db.Read(async r => (await r.Query<string>(kind == "sqlite" ? await AsText(r, table) : $"SELECT CAST(row_to_json(t) AS text) FROM {table} t")).Where(row => table != "billing_settlement" || !row.Contains("default", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList());
        }

        return rows;
    }

    private static IEnumerable<string> Tables(string statement) =>
        new BillingModule().Migrations.SelectMany(m => m.Statements).Select(s => Regex.Match(s, statement)).Where(m => m.Success).Select(m => m.Groups[1].Value);

    private static async Task<string> AsText(Reader reader, string table) =>
        $"SELECT {string.Join(" || '|' || ", (await reader.Query<string>("SELECT name FROM pragma_table_info(@table)", new { table })).Select(c => $"COALESCE(CAST({c} AS text), '')"))} FROM {table}";

    private static async Task Until(Func<Task<bool>> done)
    {
        for (var i = 0; i < 600 && !await done(); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        (await done()).ShouldBeTrue();
    }
}
