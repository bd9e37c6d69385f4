using System.Globalization;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.Billing;
using CsCheck;
using static Ciel.Tests.Billing.Crash.LifeProcess;

namespace Ciel.Tests.Billing.Crash;

/// <summary>
/// Any ledger, delivered in another order and with each event once or more, while the keepers run at any time and any number of times, gives the same invoices to the
/// last byte. A case is two lives of two months; CIEL_CASES as elsewhere, one case for 250 of it.
/// </summary>
public sealed class ReplayProperties
{
    private const int LastMinute = 19 * 24 * 60;
    private static readonly long Cases = Math.Max(1, long.Parse(Environment.GetEnvironmentVariable("CIEL_CASES") ?? "5000", CultureInfo.InvariantCulture) / 250);
    private static readonly IReadOnlyList<Migration> Tables = [.. SliceHost.Tables, .. new BillingModule().Migrations, Standing.Table];

    private const string Book =
        """
        products:
          - { id: machine, name: Machine, meter: server.running, unit: server-hour }
          - { id: requests, name: Requests, meter: object.requests, unit: 1000 request }
        prices:
          - { product: machine, currency: EUR, from: 2020-01-01, steps: [{ up to: 100, price: 0.0333333333 }, { price: 0.0111111111 }] }
          - { product: machine, currency: EUR, from: 2026-01-13, price: 0.0077777777, free: 3 }
          - { product: requests, currency: EUR, from: 2020-01-01, price: 0.0123456789 }
        contracts:
          - { id: frame, name: Frame, discounts: [{ products: "m*", percent: 7.5, from: 2020-01-01 }] }
        taxes:
          - { country: DE, percent: 19, from: 2020-01-01 }
        """;

    // What ran of a resource: one stretch after the other, each of (minutes since the last end, minutes), the last perhaps still; and what was counted of it.
    private static readonly Gen<Resource[]> Ledger = Gen.Select(Gen.Int[0, 1], Gen.Int[1, 9], Gen.Select(Gen.Int[0, 9000], Gen.Int[0, 9000]).Array[0, 3], Gen.Bool, Gen.Int[0, 99_999].Array[0, 2])
        .Select((project, quantity, runs, open, counts) => new Resource(project, quantity, runs, open, counts)).Array[0, 5];

    [Fact]
    public async Task Events_in_any_order_and_any_number_of_times_give_the_same_invoices_to_the_last_byte()
    {
        await using var template = SqliteDb.OpenInline(TimeProvider.System);
        await Migrations.Apply(template, Tables);
        var lines = 0;
        await Gen.Select(Ledger, Gen.Int[1, 1 << 20]).SampleAsync(
            async (things, seed) =>
            {
                var once = await Live(template, things, null);
                (await Live(template, things, new Random(seed))).ShouldBe(once);
                lines += once.Count(l => l.StartsWith("line:", StringComparison.Ordinal));
            },
            iter: Cases, threads: 1);
        lines.ShouldBeGreaterThan(0, "something was invoiced");
    }

    // Without chance each event comes once, in order, and the keepers run at the ends of the months alone.
    private static async Task<List<string>> Live(Db template, Resource[] things, Random? chance)
    {
        var inner = SqliteDb.OpenInline(TimeProvider.System, template);
        await using var owned = inner;
        var db = new MortalDb(inner, Instant(2026, 1, 1, 0));
        await using var life = await Begin(db);
        await Acme(life);
        db.Clock = Instant(2026, 1, 20, 0);
        var queues = things.Select((thing, i) => new Queue<Func<Tx, Task>>(thing.Events($"vm-{i}"))).ToList();
        while (queues.FindAll(q => q.Count > 0) is { Count: > 0 } waiting)
        {
            var next = waiting[chance?.Next(waiting.Count) ?? 0].Dequeue();
            for (var times = 1 + (chance?.Next(3) ?? 0); times > 0; times--)
            {
                await db.Write(next);
            }

            await Disturb(life, chance);
        }

        foreach (var (month, again) in new[] { (2, chance?.Next(3) ?? 0), (3, chance?.Next(3) ?? 0) })
        {
            await life.At(2026, month, 1, 1);
            for (var i = 0; i <= again; i++)
            {
                await Again(life);
            }
        }

        var record = (await Record.Of(db)).Where(l => l.Split(':')[0] is "period" or "invoice" or "line" or "share" or "entry" or "entity").ToList();
        foreach (var invoice in await life.List("/invoices", "invoices"))
        {
            record.Add((await life.Send("GET", "/invoices/" + invoice.Text("number"), null, 200)).GetRawText());
        }

        return record;
    }

    private static async Task Acme(LifeProcess life)
    {
        await life.Send("PUT", "/prices?retroactive=true", Book, 200);
        await life.Send("POST", "/accounts", """{"account": {"id": "acme", "name": "Acme GmbH", "country": "DE"}}""", 201);
        await life.Send("PUT", "/accounts/acme/contract", """{"contract": "frame", "from": "2026-01-01"}""", 200);
        foreach (var project in (string[])["p0", "p1"])
        {
            await life.Send("PUT", "/accounts/acme/projects/" + project, """{"from": "2026-01-01"}""", 200);
        }
    }

    // Time passes, and perhaps the keepers run; all before the month ends.
    private static async Task Disturb(LifeProcess life, Random? chance)
    {
        if (chance is not null)
        {
            life.Db.Clock = Math.Min(life.Db.Clock + (chance.NextInt64(20) * 3_600_000_000), Instant(2026, 1, 31, 23));
            for (var i = chance.Next(3); i > 0; i--)
            {
                await Again(life);
            }
        }
    }

    // As another controller does that believes the first one dead.
    private static async Task Again(LifeProcess life)
    {
        await life.Db.Write(tx => tx.Execute("UPDATE keeper SET wake_at = 0, lease_until = 0"));
        await life.Work();
    }

    private sealed record Resource(int Project, int Quantity, (int Pause, int Length)[] Runs, bool Open, int[] Counts)
    {
        public IEnumerable<Func<Tx, Task>> Events(string resource)
        {
            var (project, at) = ($"p{Project}", 0);
            for (var i = 0; i < Runs.Length; i++)
            {
                var from = Math.Min(at + Runs[i].Pause, LastMinute);
                var to = at = Math.Min(from + Runs[i].Length, LastMinute);
                var id = $"{resource}-{i}";
                yield return tx => UsageLedger.Open(tx, id, "server.running", resource, project, Quantity, "server", at: Minute(from));
                if (i + 1 < Runs.Length || !Open)
                {
                    yield return tx => UsageLedger.Close(tx, "server.running", resource, Minute(to));
                }
            }

            for (var i = 0; i < Counts.Length; i++)
            {
                var (sheet, count) = (i + 1, new UsageCount { ProjectId = project, ResourceId = resource, Meter = "object.requests", Quantity = Counts[i], Unit = "request" });
                yield return tx => UsageCounts.Fold(tx, resource, sheet, [count]);
            }
        }

        private static long Minute(int minute) => Instant(2026, 1, 1, 0) + (minute * 60_000_000L);
    }
}
