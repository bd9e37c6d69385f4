using CsCheck;

namespace Ciel.Tests.ObjectStorage.Stored;

/// <summary>What buckets hold is on the ledger to the byte and µs, against an account of its own.</summary>
public class StoredMeterTests
{
    private const long Petabyte = 1_000_000_000_000_000;
    private const long Day = 86_400_000_000;
    private static readonly long Second = StoredBucket.Second;

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Whatever_comes_and_goes_is_billed_to_less_than_a_byte(string kind)
    {
        await using var bucket = await StoredBucket.Open(kind);
        var change = Gen.Select(Gen.Int[0, 30], Gen.Long[-1_000_000_000_000, 5_000_000_000_000], Gen.Frequency((8, Gen.Long[0, 90 * Second]), (1, Gen.Long[0, 3 * Day]), (2, Gen.Const(0L))), Gen.Bool);
        await change.Array[1, 25].SampleAsync(
            async changes =>
            {
                await bucket.Make();
                var (there, looked, longest) = (new long[31], bucket.Now, 0L);
                foreach (var (key, size, pause, look) in changes)
                {
                    var bytes = Math.Max(size, -there[key]);
                    there[key] += bytes;
                    await bucket.Change($"key-{key}", bytes);
                    bucket.Pass(pause);
                    if (look)
                    {
                        await bucket.Look();
                        (longest, looked) = (Math.Max(longest, bucket.Now - looked), bucket.Now);
                        await Exact(bucket, longest);
                    }
                }

                await bucket.Delete();
                (await bucket.Spans()).ShouldAllBe(s => s.ClosedAt >= s.OpenedAt && s.Quantity > 0 && s.ClosedAt <= bucket.Now);
                await Exact(bucket, Math.Max(longest, bucket.Now - looked));
            },
            iter: 25,
            threads: 1);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task One_change_is_known_to_the_instant_and_what_stays_costs_no_row(string kind)
    {
        await using var bucket = await StoredBucket.Open(kind);
        var first = bucket.Now;
        await bucket.Change("a", 10);
        for (var minute = 0; minute < 5; minute++)
        {
            bucket.Pass((60 * Second) - minute);
            await bucket.Look();
        }

        (await bucket.Spans()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(s => s.Quantity.ShouldBe(10), s => s.OpenedAt.ShouldBe(first), s => s.ClosedAt.ShouldBeNull());
        bucket.Pass(7);
        var second = bucket.Now;
        await bucket.Change("a", -4);
        bucket.Pass(30 * Second);
        await bucket.Look();
        (await bucket.Spans()).Select(s => (s.Quantity, s.OpenedAt, s.ClosedAt)).ShouldBe([(10, first, second), (6, second, null)]);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task What_lives_for_seconds_is_billed_for_seconds(string kind)
    {
        await using var bucket = await StoredBucket.Open(kind);
        await bucket.Change("kept", 1000);
        bucket.Pass(120 * Second);
        await bucket.Look();
        bucket.Pass(10 * Second);
        await bucket.Change("brief", 5000);
        bucket.Pass(3 * Second);
        await bucket.Change("brief", -5000);
        bucket.Pass(47 * Second);
        await bucket.Look();
        await bucket.Look();
        (await bucket.Billed()).ShouldBe(((1000 * 180) + (5000 * 3)) * Second);
        (await bucket.Spans()).Count.ShouldBe(3, "before, the stretch in which it came and went, and after");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_bucket_that_lives_for_seconds_is_billed_with_its_end(string kind)
    {
        await using var bucket = await StoredBucket.Open(kind);
        await bucket.Change("a", 1_000_000);
        bucket.Pass(20 * Second);
        await bucket.Change("a", -1_000_000);
        bucket.Pass(5 * Second);
        await bucket.Delete();
        bucket.Pass(Day);
        (await bucket.Billed()).ShouldBe(Int128.Parse("20000000000000"));
        await bucket.Look();
        (await bucket.Spans()).ShouldAllBe(s => s.ClosedAt != null);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Days_without_a_look_and_petabytes_are_exact(string kind)
    {
        await using var bucket = await StoredBucket.Open(kind);
        for (var i = 0; i < 40; i++)
        {
            await bucket.Change($"key-{i % 20}", i % 2 == 0 ? Petabyte : 1 - Petabyte);
            bucket.Pass((Day / 20) + i);
        }

        await bucket.Look();
        await Exact(bucket, 3 * Day);
        (await bucket.Billed()).ShouldBeGreaterThan((Int128)Petabyte * Day);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Two_that_look_at_once_and_commits_that_are_late_bill_nothing_twice(string kind)
    {
        await using var bucket = await StoredBucket.Open(kind);
        var other = bucket.Another();
        for (var round = 0; round < 10; round++)
        {
            await bucket.Change($"a-{round}", 1000);
            bucket.Pass(40 * Second);
            await Task.WhenAll(bucket.Look(), bucket.Look(other, ago: 3), bucket.Look(other));
            await bucket.Change($"late-{round}", 500, ago: 2 * Second);
            await bucket.Change($"a-{round}", -900, ago: Second);
        }

        bucket.Pass(60 * Second);
        await bucket.Look();
        await Exact(bucket, 100 * Second);
        await bucket.Change("all", -6000);
        bucket.Pass(60 * Second);
        await bucket.Look();
        await bucket.Change("late", 9_000, ago: 30 * Second);
        await bucket.Change("late", -9_000, ago: 10 * Second);
        bucket.Pass(Day);
        await bucket.Look();
        await Exact(bucket, Day);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task What_an_earlier_release_counted_is_billed_from_the_first_look(string kind)
    {
        await using var bucket = await StoredBucket.Open(kind);
        await bucket.Db.Write(tx => tx.Execute("INSERT INTO object_usage (bucket_id, shard, objects, bytes) VALUES (@Id, 3, 1, 700)", new { bucket.Row.Id }));
        await bucket.Look();
        bucket.Pass(10 * Second);
        await bucket.Change("a", 100);
        bucket.Pass(10 * Second);
        await bucket.Look();
        (await bucket.Spans()).Select(s => s.Quantity).ShouldBe([700, 800]);
        (await bucket.Billed()).ShouldBe(((700 * 20) + (100 * 10)) * Second);
    }

    private static async Task Exact(StoredBucket bucket, long stretch)
    {
        var missing = bucket.Held - await bucket.Billed();
        var spans = (await bucket.Spans()).OrderBy(s => s.OpenedAt).ThenBy(s => s.ClosedAt ?? long.MaxValue).ToList();
        spans.Zip(spans.Skip(1)).ShouldAllBe(p => p.First.ClosedAt <= p.Second.OpenedAt, "no spans overlap");
        missing.ShouldBeGreaterThanOrEqualTo(0, "never more than was held");
        missing.ShouldBeLessThanOrEqualTo(stretch, "less than one byte, for as long as nobody looked");
    }
}
