using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ciel.Live.FirstLight;

namespace Ciel.Live.Billing;

/// <summary>
/// kill -9 at random moments while customers pay, order, redeem and set budgets, servers come and go, and months end for many at once; with an oracle of what was
/// answered. CIEL_KILLS sets how often.
/// </summary>
[Collection("whole clouds")]
public sealed class BillingKillTests
{
    private const int Customers = 3;
    private const int Uses = 1000;
    private const int AtOnce = 150;
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("CIEL_KILLS") ?? "10", CultureInfo.InvariantCulture);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private const string Book =
        """
        products:
          - { id: test-machine, name: Machine, meter: test.running, unit: server-hour }
        prices:
          - { product: test-machine, currency: EUR, from: 2020-01-01, price: 0.5 }
        offers:
          - { id: support, name: Support, kind: subscription, every: month, currency: EUR, price: 31, from: 2020-01-01 }
        taxes:
          - { country: DE, percent: 19, from: 2020-01-01 }
        """;

    private readonly Random _random = new(20261123);

    [Fact]
    public async Task Nothing_is_doubled_lost_or_numbered_with_a_gap()
    {
        await using var cloud = await LiveCloud.Start("bkill", 9620, "--simulate", "1");
        using var api = await BillsApi.Login(cloud);
        using var servers = await CloudApi.Login(cloud);
        await servers.MakeNetwork();
        var oracles = await Prepare(cloud, api);
        var (months, struck) = (new MonthEnds(cloud), 0);
        for (var i = 0; i < Kills; i += 2)
        {
            await Kill(cloud, [.. oracles.Select(o => o.Work()), servers.TryCreateOrDelete(_random.Next(3)), servers.TryCreateOrDelete(_random.Next(3))]);
            months.Add(AtOnce);
            struck += await KillInTheMidst(cloud, months) ? 1 : 0;
            await cloud.Up();
            foreach (var oracle in oracles)
            {
                await oracle.Verify();
            }
        }

        struck.ShouldBeGreaterThan(0, "no month end was struck in its midst");
        foreach (var oracle in oracles)
        {
            await oracle.Again();
            await oracle.Verify();
        }

        (await api.List("/coupons", "coupons")).Sum(c => Uses - c.GetProperty("uses_left").GetInt32()).ShouldBe(oracles.Sum(o => o.Coupons), "each coupon was taken once by each who redeemed it");
        await Invoiced(api, months);
        await SpansMatch(cloud, servers);
    }

    private static async Task<BillsOracle[]> Prepare(LiveCloud cloud, BillsApi api)
    {
        var file = Path.Combine(cloud.Data, "book.yaml");
        await File.WriteAllTextAsync(file, Book);
        await cloud.Ciel("price", "import", file, "--retroactive");
        for (var i = 0; i < 20; i++)
        {
            await api.Send(HttpMethod.Post, "/coupons", new { coupon = new { code = $"CODE-{i}", percent = 1, uses = Uses } });
        }

        for (var i = 0; i < Customers; i++)
        {
            await api.Send(HttpMethod.Post, "/accounts", new { account = new { id = $"c{i}", name = $"Customer {i}" } });
        }

        return [.. Enumerable.Range(0, Customers).Select(i => new BillsOracle(api, $"c{i}"))];
    }

    private async Task Kill(LiveCloud cloud, Task[] work)
    {
        await Task.Delay(_random.Next(1200), TestContext.Current.CancellationToken);
        using (var process = Process.GetProcessById(cloud.Pid))
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(work);
    }

    // As soon as a few of them have an invoice.
    private async Task<bool> KillInTheMidst(LiveCloud cloud, MonthEnds months)
    {
        var (up, dead, few) = (cloud.TryUp(), cloud.Pid, AtOnce - _random.Next(1, AtOnce / 2));
        for (var tries = 0; tries < 2000 && months.Pending() > few; tries++)
        {
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }

        cloud.Pid.ShouldNotBe(dead, "another process has begun");
        using (var process = Process.GetProcessById(cloud.Pid))
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await up;
        return months.Pending() is > 0 and < AtOnce;
    }

    // Two invoices each, for exactly what ran, and no number is missing or given twice.
    private static async Task Invoiced(BillsApi api, MonthEnds months)
    {
        var invoices = new List<JsonElement>();
        foreach (var (account, hours) in months.All)
        {
            IReadOnlyList<JsonElement> both = [];
            for (var end = DateTimeOffset.UtcNow + Patience; (both = await api.List("/invoices?account=" + account, "invoices")).Count < 2; await Task.Delay(500, TestContext.Current.CancellationToken))
            {
                DateTimeOffset.UtcNow.ShouldBeLessThan(end, $"{both.Count} invoices for {account}");
            }

            both.OrderBy(i => Text(i, "from"), StringComparer.Ordinal).Select(i => i.GetProperty("total").GetRawText()).ShouldBe([MonthEnds.Total(hours), MonthEnds.Total(hours + 1)], account);
            invoices.AddRange(both);
        }

        invoices.Select(i => int.Parse(Text(i, "number").Split('-')[1], CultureInfo.InvariantCulture)).Order().ShouldBe(Enumerable.Range(1, 2 * months.All.Count));
    }

    private static string Text(JsonElement invoice, string name) => invoice.GetProperty(name).GetString()!;

    private static async Task SpansMatch(LiveCloud cloud, CloudApi servers)
    {
        await servers.Until(async () => (await servers.Servers()).All(s => s is { Status: "ACTIVE" or "ERROR", Task: null }), "every server rests");
        var spans = JsonDocument.Parse(await cloud.Ciel("usage", "--spans", "--json")).RootElement.EnumerateArray().Where(s => s.GetProperty("meter").GetString() == "server.running").ToArray();
        spans.Where(s => s.GetProperty("closed").GetString() == "open").Select(s => s.GetProperty("resource").GetString()).Order()
            .ShouldBe((await servers.Servers()).Where(s => s.Status == "ACTIVE").Select(s => s.Id).Order());
        spans.GroupBy(s => s.GetProperty("resource").GetString()).ShouldAllBe(g => g.Count() == 1, "no server ran twice");
    }
}
