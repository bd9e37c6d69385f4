using System.Globalization;
using System.Text;
using Ciel.Services.Billing.Focus;
using Ciel.Services.Billing.Invoices;
using Microsoft.Extensions.DependencyInjection;
using Parquet;

namespace Ciel.Tests.Billing;

/// <summary>FOCUS data of issued invoices, over HTTP. What the rules of FOCUS say of it is `./dev conformance focus`.</summary>
public sealed class FocusTests
{
    private const long Hour = 3_600_000_000;

    // Of every kind of line one: usage of three services, packages, commitments, subscriptions, discounts, coupons, corrections, credit, tax.
    private const string Book =
        """
        products:
          - { id: machine, name: Machine, meter: server.running, unit: server-hour, service: Compute }
          - { id: disk, name: Disk, meter: server.disk, unit: server-month, service: Storage }
          - { id: address, name: Address, meter: address.public, unit: server-hour, service: Networking, tax: reduced }
          - { id: thing, name: Thing, meter: thing.held, unit: server-hour }
        prices:
          - { product: machine, currency: EUR, from: 2020-01-01, price: 0.0333333333 }
          - { product: disk, currency: EUR, from: 2020-01-01, price: 7.77, free: 0.01 }
          - { product: address, currency: EUR, from: 2020-01-01, price: 0.004 }
          - { product: thing, currency: EUR, from: 2020-01-01, price: 0.1 }
        contracts:
          - { id: frame, name: Frame, discounts: [ { products: "disk", percent: 7.5, from: 2020-01-01 } ] }
        taxes:
          - { country: DE, percent: 19, from: 2020-01-01 }
          - { country: DE, class: reduced, percent: 7, from: 2020-01-01 }
        offers:
          - { id: support, name: Support, kind: subscription, every: month, currency: EUR, price: 31, from: 2020-01-01 }
          - { id: ten-hours, name: Ten hours, kind: package, product: machine, quantity: 10, months: 12, currency: EUR, price: 4, from: 2020-01-01 }
          - { id: always, name: One machine always, kind: reservation, product: machine, months: 12, currency: EUR, price: 0.025, from: 2020-01-01 }
        """;

    [Fact]
    public async Task A_sample_cloud_is_exported_to_the_last_cent()
    {
        await using var cloud = await SampleCloud("sqlite");
        var csv = await Text(cloud, "/focus?version=1.2");
        var rows = Read(csv);
        await AddsUp(cloud, rows);
        rows.Select(r => r["ChargeCategory"]).Distinct().Order().ShouldBe(["Adjustment", "Credit", "Purchase", "Tax", "Usage"]);
        rows.Select(r => r["ServiceCategory"]).Distinct().Order().ShouldBe(["Compute", "Networking", "Other", "Storage"]);
        rows.Select(r => r["CommitmentDiscountStatus"]).Distinct().ShouldContain("Used");
        rows.Where(r => r["ChargeClass"] == "Correction").Select(r => r["ChargeCategory"]).Distinct().ShouldContain("Usage");
        rows.ShouldContain(r => r["Tags"] == """{"ciel:cost-centre":"R\u0026D, 7"}""");

        // What was paid ahead is the effect of what it covers: over all rows both costs are the same.
        Sum(rows, "EffectiveCost").ShouldBe(Sum(rows, "BilledCost"));
        if (Environment.GetEnvironmentVariable("CIEL_FOCUS_SAMPLE") is { } path)
        {
            await File.WriteAllTextAsync(path, csv, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [MemberData(nameof(InvoicingTests.Both), MemberType = typeof(InvoicingTests))]
    public async Task Parquet_says_what_csv_says(string kind)
    {
        await using var cloud = await SampleCloud(kind);
        var rows = Read(await Text(cloud, "/focus?account=default&version=1.4"));
        await AddsUp(cloud, rows);
        using var file = new MemoryStream(await Bytes(cloud, "/focus?account=default&version=1.4&format=parquet"));
        await using var reader = await ParquetReader.CreateAsync(file);
        var fields = reader.Schema.GetDataFields();
        fields.Select(f => f.Name).ShouldBe(FocusColumn.In("1.4").Select(c => c.Name));
        var (billed, categories) = (new List<decimal?>(), new List<string?>());
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var numbers = new decimal?[group.RowCount];
            await group.ReadAsync<decimal>(fields.Single(f => f.Name == "BilledCost"), numbers.AsMemory());
            var texts = new string?[group.RowCount];
            await group.ReadAsync(fields.Single(f => f.Name == "ChargeCategory"), texts.AsMemory());
            billed.AddRange(numbers);
            categories.AddRange(texts);
        }

        billed.ShouldBe(rows.Select(r => (decimal?)decimal.Parse(r["BilledCost"], CultureInfo.InvariantCulture)));
        categories.ShouldBe(rows.Select(r => r["ChargeCategory"]));
    }

    [Theory]
    [InlineData("1.2", 57)]
    [InlineData("1.3", 65)]
    [InlineData("1.4", 65)]
    public void Each_version_has_its_columns_in_order(string version, int count)
    {
        var names = FocusColumn.In(version).Select(c => c.Name).ToList();
        names.Count.ShouldBe(count);
        names.ShouldBe(names.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("vCPU-hour", "vCPU-Hours")]
    [InlineData("GiB-month", "GiB-Months")]
    [InlineData("1000 request", "1000 Requests")]
    [InlineData("1000 requests", "1000 Requests")]
    [InlineData("kB", "KB")]
    [InlineData("month", "Months")]
    [InlineData("?", "Units")]
    public void Units_are_written_as_focus_wants_them(string unit, string written) => FocusUnit.Of(unit).ShouldBe(written);

    [Theory]
    [InlineData("/focus?account=default", "mallory", 404)]
    [InlineData("/focus", "mallory", 400)]
    [InlineData("/focus?version=0.5", "admin", 400)]
    [InlineData("/focus?format=xls", "admin", 400)]
    [InlineData("/focus?from=yesterday", "admin", 400)]
    [InlineData("/focus?account=nobody", "admin", 404)]
    [InlineData("/focus?from=2999-01-01&format=parquet", "admin", 200)]
    public async Task Who_may_not_and_what_is_wrong_is_refused(string path, string token, int status)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        (await cloud.Send(HttpMethod.Get, path, token: token)).Status.ShouldBe(status);
    }

    private static async Task AddsUp(BillingCloud cloud, List<Dictionary<string, string>> rows)
    {
        var invoices = (await cloud.Get("/invoices")).GetProperty("invoices").EnumerateArray().ToList();
        invoices.Count.ShouldBe(3);
        foreach (var invoice in invoices)
        {
            var number = invoice.GetProperty("number").GetString();
            Sum(rows.Where(r => r["InvoiceId"] == number), "BilledCost").ShouldBe(invoice.GetProperty("total").GetDecimal());
        }
    }

    private static decimal Sum(IEnumerable<Dictionary<string, string>> rows, string column) => rows.Sum(r => decimal.Parse(r[column], CultureInfo.InvariantCulture));

    private static async Task<BillingCloud> SampleCloud(string kind)
    {
        var cloud = await BillingCloud.Start(kind);
        await cloud.Import(Book);
        await cloud.Send(HttpMethod.Patch, "/accounts/default", new { account = new { country = "DE" } });
        var month = await cloud.Back("default", 2);
        (await cloud.Send(HttpMethod.Put, "/accounts/default/contract", new { contract = "frame", from = Services.Billing.Door.Instant.Text(month.From) })).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Post, "/coupons", new { coupon = new { code = "WELCOME", amount = 1, currency = "EUR", from = "2020-01-01" } })).Status.ShouldBe(201);
        (await cloud.Send(HttpMethod.Put, "/accounts/default/coupons/WELCOME")).Status.ShouldBe(204);
        foreach (var offer in (string[])["support", "ten-hours", "always"])
        {
            (await cloud.Send(HttpMethod.Post, "/accounts/default/orders", new { order = new { offer, quantity = 1 } })).Status.ShouldBe(201);
        }

        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_change SET day = @day", new { day = Services.Billing.Calendar.Zone.Utc.Day(month.From).ToString("yyyy-MM-dd", null) }));
        await cloud.Db.Write(tx => Services.Billing.Accounts.AccountStore.Insert(
            tx, new Services.Billing.Accounts.Membership { ProjectId = "alice", AccountId = "default", PayerId = "default", FromAt = month.From, CostCentre = "R&D, 7" }));
        await cloud.Ran("alice", month.From, month.From + (31 * Hour), "vm-a");
        await cloud.Ran("bob", month.From + Hour, month.From + (20 * Hour) + 7, "vm-b");
        await cloud.Ran("alice", month.From, month.To, "vm-a", "server.disk");
        await cloud.Ran("bob", month.From, month.From + (19 * Hour), "vm-b", "server.disk");
        await cloud.Ran("bob", month.From, month.From + (100 * Hour) + 123_456, "ip-1", "address.public");
        await cloud.Ran("carol", month.From, month.From + (5 * Hour), "x", "thing.held");
        await Issue(cloud);
        await cloud.Ran("bob", month.From, month.From + (2 * Hour), "vm-late", "address.public");
        await cloud.Ran("alice", month.To, month.To + (3 * Hour), "vm-a", "address.public");
        var second = await Issue(cloud);
        (await cloud.Send(HttpMethod.Post, $"/invoices/{second}/credit-notes", new { credit_note = new { net = 3.33, reason = "an outage" } })).Status.ShouldBe(201);
        return cloud;
    }

    private static async Task<string> Issue(BillingCloud cloud)
    {
        var account = await cloud.Account("default");
        var draft = await cloud.Db.Read(r => cloud.Host.Parts.GetRequiredService<DraftBook>().Make(r, account, account.Open));
        return (await cloud.Db.Write(tx => cloud.Host.Parts.GetRequiredService<InvoiceBook>().Issue(tx, draft, Guid.NewGuid().ToString())))!.Number;
    }

    private static async Task<string> Text(BillingCloud cloud, string path) => Encoding.UTF8.GetString(await Bytes(cloud, path));

    private static async Task<byte[]> Bytes(BillingCloud cloud, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/billing/v1" + path);
        request.Headers.Add("X-Auth-Token", "admin");
        using var answer = await cloud.Host.Client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(200);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static List<Dictionary<string, string>> Read(string csv)
    {
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(Fields).ToList();
        return [.. lines.Skip(1).Select(l => lines[0].Zip(l).ToDictionary(p => p.First, p => p.Second))];
    }

    private static List<string> Fields(string line)
    {
        var (fields, field, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        return [.. fields, field.ToString()];
    }
}
