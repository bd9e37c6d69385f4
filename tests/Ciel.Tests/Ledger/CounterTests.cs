using Ciel.Core.Ledger;
using Ciel.Core.Store;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Tests.Ledger;

/// <summary>Counters: nothing counted is lost by a kill at any moment, and nothing counts twice.</summary>
public sealed class CounterTests : IDisposable
{
    private static readonly UsageMeter[] Meters = [new("test.calls", "call"), new("test.bytes", "B")];
    private readonly DirectoryInfo _directory = TestDirectory.Create("ciel-counters-");

    private string Folder => Path.Combine(_directory.FullName, "test");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task WhatAKilledProcessCountedIsFoldedOnce(string kind)
    {
        await using var store = await TestStore.Open(kind, UsageLedger.Migrations);
        var killed = await Start(store.Db);
        killed.Add("p", "one", 1, 100);
        killed.Add("p", "one", 1, 11);
        killed.Add("p", "two", 0, 7);
        var left = Directory.GetFiles(Folder, "*.counts").ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(left);

        var next = await Start(store.Db);
        (await Counted(store.Db)).ShouldBe("one test.bytes=111, one test.calls=2, two test.bytes=7");
        Directory.GetFiles(Folder, "*.counts").ShouldBeEmpty();

        // Killed between the commit and the file's removal, or a power cut brought the file back.
        await File.WriteAllBytesAsync(left, bytes);
        var third = await Start(store.Db);
        third.Add("p", "two", 1, 0);
        await third.Fold(CancellationToken.None);
        await next.Fold(CancellationToken.None);
        (await Counted(store.Db)).ShouldBe("one test.bytes=111, one test.calls=2, two test.bytes=7, two test.calls=1");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ManyThreadsAndFoldsAddUp(string kind)
    {
        await using var store = await TestStore.Open(kind, UsageLedger.Migrations);
        await using var counters = await Start(store.Db);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                counters.Add("p", $"r{i % 3}", 1, t);
                if (i % 50 == 0)
                {
                    await counters.Fold(CancellationToken.None);
                }
            }
        })));
        await counters.Fold(CancellationToken.None);
        var all = await store.Db.Read(r => UsageCounts.All(r, "p"));
        all.Where(c => c.Meter == "test.calls").Sum(c => c.Quantity).ShouldBe(1600);
        all.Where(c => c.Meter == "test.bytes").Sum(c => c.Quantity).ShouldBe(200 * 28);
        all.ShouldAllBe(c => c.ToAt - c.FromAt == 3_600_000_000 && c.FromAt % 3_600_000_000 == 0);
        (await store.Db.Read(r => UsageCounts.Totals(r, null))).Single(t => t.Meter == "test.calls").Quantity.ShouldBe(1600);
    }

    [Fact]
    public async Task AFoldThatFailsIsDoneLater()
    {
        await using var store = await TestStore.Open("sqlite", UsageLedger.Migrations);
        await using var counters = await Start(store.Db);
        counters.Add("p", "one", 1, 2);
        await store.Db.Write(tx => tx.Execute("ALTER TABLE usage_count RENAME TO elsewhere"));
        await Should.ThrowAsync<Exception>(() => counters.Fold(CancellationToken.None));
        counters.Add("p", "one", 1, 3);
        await store.Db.Write(tx => tx.Execute("ALTER TABLE elsewhere RENAME TO usage_count"));
        await counters.Fold(CancellationToken.None);
        (await Counted(store.Db)).ShouldBe("one test.bytes=5, one test.calls=2");
    }

    [Fact]
    public void ATornFileNeverCountsMore()
    {
        var sheet = new CounterSheet("source", 4, Meters);
        sheet.Add("p", "one", [1, 100]);
        sheet.Add("q", "two", [2, 200]);
        byte[] whole = [.. sheet.Head(), .. sheet.Slot("p", "one"), .. sheet.Slot("q", "two")];
        CounterSheet.Parse(whole)!.Counts.Sum(c => c.Quantity).ShouldBe(303);
        Gen.Select(Gen.Int[0, whole.Length], Gen.Int[0, 3]).Sample((cut, lost) =>
        {
            // Cut short, and one sector of the rest never written.
            var torn = whole[..cut];
            torn.AsSpan(Math.Min(cut, lost * 512), Math.Clamp(cut - (lost * 512), 0, 512)).Clear();
            var counts = CounterSheet.Parse(torn)?.Counts ?? [];
            counts.ShouldAllBe(c => c.Quantity == (c.ProjectId == "p" ? 1 : 2) * (c.Meter == "test.calls" ? 1 : 100));
            counts.Count.ShouldBeLessThanOrEqualTo(4);
        });
    }

    [Fact]
    public async Task WhatAnEarlierReleaseCountedKeepsItsMeters()
    {
        await using var store = await TestStore.Open("sqlite", UsageLedger.Migrations);
        var killed = await Start(store.Db);
        killed.Add("p", "one", 1, 100);
        await using var later = new UsageCounters(store.Db, new CounterOptions(_directory.FullName), "test", [new("test.new", "B"), .. Meters], TimeProvider.System, NullLogger<UsageCounters>.Instance);
        await later.Begin(CancellationToken.None);
        (await Counted(store.Db)).ShouldBe("one test.bytes=100, one test.calls=1");
    }

    private async Task<UsageCounters> Start(Db db)
    {
        var counters = new UsageCounters(db, new CounterOptions(_directory.FullName), "test", Meters, TimeProvider.System, NullLogger<UsageCounters>.Instance);
        await counters.Begin(CancellationToken.None);
        return counters;
    }

    private static async Task<string> Counted(Db db) => string.Join(", ", (await db.Read(r => UsageCounts.All(r, null)))
        .GroupBy(c => $"{c.ResourceId} {c.Meter}").OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}={g.Sum(c => c.Quantity)}"));
}
