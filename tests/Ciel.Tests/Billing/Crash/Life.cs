using Ciel.Core.Ledger;
using static Ciel.Tests.Billing.Crash.LifeProcess;

namespace Ciel.Tests.Billing.Crash;

/// <summary>
/// Three months of one customer: usage, orders, coupons, payments, budgets, month ends, corrections and credit notes. Everybody behaves as they must who was not
/// answered: they look whether it is there, and if not do it again.
/// </summary>
internal static class Life
{
    private const string Book =
        """
        products:
          - { id: machine, name: Machine, meter: server.running, unit: server-hour }
          - { id: requests, name: Requests, meter: object.requests, unit: 1000 request }
        prices:
          - { product: machine, currency: EUR, from: 2020-01-01, price: 0.5 }
          - { product: requests, currency: EUR, from: 2020-01-01, price: 1 }
        offers:
          - { id: support, name: Support, kind: subscription, every: month, currency: EUR, price: 31, from: 2020-01-01 }
          - { id: ten-hours, name: Ten hours, kind: package, product: machine, quantity: 10, months: 12, currency: EUR, price: 4, from: 2020-01-01 }
          - { id: always, name: One machine always, kind: reservation, product: machine, months: 12, currency: EUR, price: 0.25, from: 2020-01-01 }
        contracts:
          - { id: frame, name: Frame, discounts: [{ products: "*", percent: 10, from: 2020-01-01 }] }
        taxes:
          - { country: DE, percent: 19, from: 2020-01-01 }
        """;

    /// <summary>Lives it, killed at one write where the store says so.</summary>
    public static async Task Live(LifeProcess life)
    {
        await Begin(life);
        await January(life);
        await February(life);
        await life.At(2026, 3, 1, 1);
        await life.Work();
        await life.At(2026, 3, 30, 0);
        await life.Work();
        await Pay(life, 700, "bank-2");
        await life.Work();
        await life.At(2026, 4, 1, 1);
        await life.Work();
    }

    private static async Task Begin(LifeProcess life)
    {
        await life.At(2026, 1, 5, 0);
        await life.Do("book", p => p.Send("PUT", "/prices?retroactive=true", Book, 200));
        await life.Do("account", p => p.Unless("/accounts", "accounts", a => a.Text("id") == "acme", "POST", "/accounts", """{"account": {"id": "acme", "name": "Acme GmbH", "country": "DE"}}"""));
        await life.Do("project", p => p.Send("PUT", "/accounts/acme/projects/alice", """{"from": "2026-01-01"}""", 200));
        await life.Do("contract", p => p.Send("PUT", "/accounts/acme/contract", """{"contract": "frame", "from": "2026-01-01"}""", 200));
        await life.Do("coupon", p => p.Unless("/coupons", "coupons", c => c.Text("code") == "WELCOME", "POST", "/coupons", """{"coupon": {"code": "WELCOME", "amount": 5, "currency": "EUR", "uses": 7, "from": "2026-01-01"}}"""));
        await life.Do("redemption", p => p.Send("PUT", "/accounts/acme/coupons/WELCOME", null, 204));
        await Pay(life, 20, "bank-1");
        foreach (var offer in (string[])["support", "ten-hours", "always"])
        {
            await life.Do("order", p => p.Unless("/accounts/acme/orders", "orders", o => o.Text("offer") == offer, "POST", "/accounts/acme/orders", $$$"""{"order": {"offer": "{{{offer}}}", "project": "alice"}}"""));
        }
    }

    private static async Task January(LifeProcess life)
    {
        await Open(life, "vm-1", 1);
        await Count(life, 1500);
        await life.At(2026, 1, 10, 0);
        await Close(life, "vm-1");
        await Open(life, "vm-2", 2);
        await Change(life, "support", o => o.Number("quantity") == 3, "PATCH", """{"order": {"quantity": 3}}""");
        await life.Do("budget", p => p.Unless("/accounts/acme/budgets", "budgets", _ => true, "POST", "/accounts/acme/budgets", """{"budget": {"amount": 200, "hard_stop": true}}"""));
        await life.At(2026, 1, 20, 3);
        await life.Work();
        await life.At(2026, 1, 25, 0);
        await Close(life, "vm-2");
        await Count(life, 2500);
        await life.At(2026, 1, 25, 4);
        await life.Work();
        await life.At(2026, 2, 1, 1);
        await life.Work();
    }

    private static async Task February(LifeProcess life)
    {
        // vm-1 had stopped a day earlier than was thought, and another had run for seven hours: both come to light late.
        await life.At(2026, 2, 3, 0);
        await life.Do("span", p => p.Db.Write(async tx =>
        {
            await tx.Execute("UPDATE usage_span SET closed_at = @at WHERE resource_id = 'vm-1'", new { at = Instant(2026, 1, 9, 0) });
            await tx.Execute(
                """
                INSERT INTO usage_span (id, meter, resource_id, project_id, quantity, unit, attributes, opened_at, closed_at)
                VALUES ('late', 'server.running', 'vm-3', 'alice', 3, 'server', '{}', @from, @to) ON CONFLICT (id) DO NOTHING
                """,
                new { from = Instant(2026, 1, 28, 0), to = Instant(2026, 1, 28, 7) });
        }));
        await life.At(2026, 2, 5, 0);
        await life.Work();
        await Change(life, "support", o => o.Number("quantity") == 0, "DELETE", null);
        await life.Do("credit note", p => p.Unless("/invoices?account=acme", "invoices", i => i.Text("kind") == "credit-note", "POST", "/invoices/INV-000001/credit-notes", """{"credit_note": {"net": 3.33}}"""));
        await Open(life, "vm-4", 1);
        await life.At(2026, 2, 20, 0);
        await Close(life, "vm-4");
    }

    private static Task Pay(LifeProcess life, int amount, string reference) =>
        life.Do("payment", p => p.Send("POST", "/accounts/acme/payments", $$$"""{"payment": {"amount": {{{amount}}}, "reference": "{{{reference}}}"}}""", 201));

    private static Task Open(LifeProcess life, string resource, long quantity) =>
        life.Do("span", p => p.Db.Write(tx => UsageLedger.Open(tx, Guid.NewGuid().ToString(), "server.running", resource, "alice", quantity, "server")));

    private static Task Close(LifeProcess life, string resource) => life.Do("span", p => p.Db.Write(tx => UsageLedger.Close(tx, "server.running", resource)));

    // Counted once: what a killed process had counted lies in its file.
    private static async Task Count(LifeProcess life, long requests)
    {
        life.Counters.Add("alice", "bucket", requests);
        await life.Do("counters", p => p.Counters.Fold(CancellationToken.None));
    }

    private static Task Change(LifeProcess life, string offer, Func<Thing, bool> done, string method, string? body) => life.Do("change of an order", async p =>
    {
        var order = (await p.List("/accounts/acme/orders", "orders")).First(o => o.Text("offer") == offer);
        if (!done(order))
        {
            await p.Send(method, "/accounts/acme/orders/" + order.Text("id"), body, 200);
        }
    });
}
