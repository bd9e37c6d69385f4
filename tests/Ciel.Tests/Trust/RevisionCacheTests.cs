using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Tests.Trust;

public class RevisionCacheTests
{
    private static readonly Migration[] Tables = [.. TrustServices.Migrations, new("fact", 1, ["CREATE TABLE fact (id text NOT NULL PRIMARY KEY, value bigint NOT NULL)"])];

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AChangeShowsAtOnceHereAndWithinASecondElsewhere(string kind)
    {
        var time = new ManualTime();
        await using var store = await TestStore.Open(kind, time, Tables);
        var (here, there) = (new RevisionCache(store.Db, time), new RevisionCache(store.Again(), time));
        await Set(store.Db, here, 1);
        (await Value(here)).ShouldBe(1);
        (await Value(there)).ShouldBe(1);
        await Set(store.Db, here, 2);
        (await Value(here)).ShouldBe(2);
        (await Value(there)).ShouldBe(1, "it has not looked again yet");
        time.Pass(TimeSpan.FromSeconds(1));
        (await Value(there)).ShouldBe(2);
    }

    [Fact]
    public async Task WhatDidNotChangeIsLoadedOnce()
    {
        var time = new ManualTime();
        await using var store = await TestStore.Open("sqlite", time, Tables);
        var cache = new RevisionCache(store.Db, time);
        await Set(store.Db, cache, 1);
        var loads = 0;
        for (var i = 0; i < 20; i++)
        {
            await cache.Get("facts", "a", r =>
            {
                loads++;
                return Read(r);
            });
            time.Pass(TimeSpan.FromSeconds(1));
        }

        loads.ShouldBe(1);
        await store.Db.Write(tx => cache.Bump(tx, "others"));
        await Value(cache);
        loads.ShouldBe(1);
    }

    [Fact]
    public async Task ARolledBackChangeDropsNothing()
    {
        var time = new ManualTime();
        await using var store = await TestStore.Open("sqlite", time, Tables);
        var cache = new RevisionCache(store.Db, time);
        await Set(store.Db, cache, 1);
        await Value(cache);
        await Should.ThrowAsync<InvalidOperationException>(store.Db.Write(async tx =>
        {
            await cache.Bump(tx, "facts");
            await tx.Execute("UPDATE fact SET value = 2");
            throw new InvalidOperationException();
        }));
        var loaded = false;
        (await cache.Get("facts", "a", r =>
        {
            loaded = true;
            return Read(r);
        })).ShouldBe(1);
        loaded.ShouldBeFalse();
    }

    [Fact]
    public async Task WhoCannotLookForFiveSecondsRefuses()
    {
        var time = new ManualTime();
        await using var store = await TestStore.Open("sqlite", time, Tables);
        var db = store.Again();
        var cache = new RevisionCache(db, time);
        await Set(store.Db, cache, 1);
        (await Value(cache)).ShouldBe(1);
        await db.DisposeAsync();
        time.Pass(TimeSpan.FromSeconds(4));
        (await Value(cache)).ShouldBe(1, "four seconds are still trusted");
        time.Pass(TimeSpan.FromSeconds(2));
        await Should.ThrowAsync<StoreBusyException>(async () => await Value(cache));
    }

    [Fact]
    public async Task TheClockIsTheStores()
    {
        var time = new ManualTime();
        await using var store = await TestStore.Open("sqlite", time, Tables);
        var cache = new RevisionCache(store.Db, time);
        var first = await cache.Now();
        time.Pass(TimeSpan.FromMilliseconds(300));
        (await cache.Now() - first).ShouldBe(300_000);
    }

    private static Task Set(Db db, RevisionCache cache, long value) => db.Write(async tx =>
    {
        await cache.Bump(tx, "facts");
        await tx.Execute("INSERT INTO fact (id, value) VALUES ('a', @value) ON CONFLICT (id) DO UPDATE SET value = excluded.value", new { value });
    });

    private static ValueTask<long> Value(RevisionCache cache) => cache.Get("facts", "a", Read);

    private static Task<long> Read(Reader reader) => reader.Scalar<long>("SELECT value FROM fact WHERE id = 'a'");
}
