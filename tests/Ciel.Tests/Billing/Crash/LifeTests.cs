using System.Globalization;
using Ciel.Core.Store;
using Ciel.Services.Billing;

namespace Ciel.Tests.Billing.Crash;

/// <summary>
/// The process is killed at every durable write of a life, before the commit and after it: what there is in the end is the same to the last byte as in a life
/// without a kill. No span, line, number, payment or notice is doubled or lost. CIEL_KILLS sets how many points are struck on databases with files (all in memory).
/// </summary>
public sealed class LifeTests
{
    private static readonly int Struck = int.Parse(Environment.GetEnvironmentVariable("CIEL_KILLS") ?? "12", CultureInfo.InvariantCulture);
    private static readonly IReadOnlyList<Migration> Tables = [.. SliceHost.Tables, .. new BillingModule().Migrations, Standing.Table];

    [Fact]
    public async Task An_undisturbed_life_has_everything_in_it()
    {
        await using var template = await Template();
        var (whole, log, _) = await Live(SqliteDb.OpenInline(TimeProvider.System, template), 0, after: false);
        foreach (var kind in (string[])["subscription", "purchase", "package", "commitment", "usage", "discount", "correction", "coupon", "tax", "credit"])
        {
            whole.ShouldContain(l => l.StartsWith("line:", StringComparison.Ordinal) && l.Split(' ')[3] == kind, kind);
        }

        foreach (var part in (string[])["span", "count", "order", "redemption", "settlement", "notice", "entry", "share", "budget"])
        {
            whole.ShouldContain(l => l.StartsWith(part + ":", StringComparison.Ordinal), part);
        }

        log.Distinct().Order(StringComparer.Ordinal).ShouldBe(
            ["account", "book", "budget", "change of an order", "contract", "counters", "coupon", "credit note", "keepers", "order", "payment", "project", "redemption", "span", "start"]);
        whole.Where(l => l.StartsWith("invoice:", StringComparison.Ordinal)).Select(l => string.Join(' ', l.Split(' ')[1..3])).ShouldBe(
            ["INV-000001 invoice", "INV-000002 credit-note", "INV-000003 invoice", "INV-000004 invoice"]);
        whole.ShouldContain(l => l.StartsWith("notice:", StringComparison.Ordinal) && l.Contains("frozen", StringComparison.Ordinal));
        whole.ShouldNotContain(l => l.StartsWith("suspended:", StringComparison.Ordinal), "the payment restored");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_write_it_comes_to_the_same(bool after)
    {
        await using var template = await Template();
        var (whole, log, _) = await Live(SqliteDb.OpenInline(TimeProvider.System, template), 0, after);
        for (var at = 1; at <= log.Count; at++)
        {
            await Same(whole, log, SqliteDb.OpenInline(TimeProvider.System, template), at, after);
        }
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task On_a_database_with_files_too(string kind)
    {
        var (whole, log) = await Undisturbed(kind);
        for (var i = 0; i < Struck; i++)
        {
            await using var store = await TestStore.Open(kind, Tables);
            await Same(whole, log, store.Db, 1 + (i * log.Count / Struck), after: i % 2 == 0);
        }
    }

    private static async Task<Db> Template()
    {
        var db = SqliteDb.OpenInline(TimeProvider.System);
        await Migrations.Apply(db, Tables);
        return db;
    }

    private static async Task<(List<string> Whole, List<string> Log)> Undisturbed(string kind)
    {
        await using var store = await TestStore.Open(kind, Tables);
        var (whole, log, _) = await Live(store.Db, 0, after: false);
        return (whole, log);
    }

    private static async Task Same(List<string> whole, List<string> log, Db db, int at, bool after)
    {
        var (record, _, deaths) = await Live(db, at, after);
        deaths.ShouldBe(1);
        string.Join('\n', record.Except(whole).Select(l => "+ " + l).Concat(whole.Except(record).Select(l => "- " + l))).ShouldBeEmpty($"killed {(after ? "after" : "before")} the commit of write {at}, {log[at - 1]}");
        record.ShouldBe(whole);
    }

    private static async Task<(List<string> Record, List<string> Log, int Deaths)> Live(Db db, int at, bool after)
    {
        var mortal = new MortalDb(db, LifeProcess.Instant(2026, 1, 1, 0));
        mortal.DieAt(at == 0 ? int.MaxValue : at, after);
        await using var life = await LifeProcess.Begin(mortal);
        await Life.Live(life);
        return (await Record.Of(db), mortal.Log, life.Deaths);
    }
}
