using System.Globalization;
using System.Text;
using Ciel.Services.Billing.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Billing;

/// <summary>A cloud with two invoices and a credit note that have lines of every kind.</summary>
internal static class FocusSample
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

    public static decimal Sum(IEnumerable<Dictionary<string, string>> rows, string column) => rows.Sum(r => decimal.Parse(r[column], CultureInfo.InvariantCulture));

    public static async Task<BillingCloud> Cloud(string kind)
    {
        var cloud = await BillingCloud.Start(kind);
        await cloud.Import(Book);
        await cloud.Send(HttpMethod.Patch, "/accounts/default", new { account = new { country = "DE" } });
        var month = await cloud.Back("default", 2);
        (await cloud.Send(HttpMethod.Put, "/accounts/default/contract", new { contract = "frame", from = Services.Billing.Calendar.Instant.Text(month.From) })).Status.ShouldBe(200);
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

    public static async Task<string> Text(BillingCloud cloud, string path) => Encoding.UTF8.GetString(await Bytes(cloud, path));

    public static async Task<byte[]> Bytes(BillingCloud cloud, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/billing/v1" + path);
        request.Headers.Add("X-Auth-Token", "admin");
        using var answer = await cloud.Host.Client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(200);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public static List<Dictionary<string, string>> Read(string csv)
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
