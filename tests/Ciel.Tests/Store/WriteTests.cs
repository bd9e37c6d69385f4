using Ciel.Core.Store;

namespace Ciel.Tests.Store;

public class WriteTests
{
    private static readonly Migration[] Quota =
    [
        new("quota", 1,
        [
            "CREATE TABLE quota (id text NOT NULL PRIMARY KEY, used bigint NOT NULL, lim bigint NOT NULL)",
            "CREATE TABLE quota_taken (id text NOT NULL PRIMARY KEY, project text NOT NULL, name text NOT NULL, address text, UNIQUE (project, name))",
            "CREATE UNIQUE INDEX quota_taken_live ON quota_taken (address) WHERE name <> 'gone'",
            "INSERT INTO quota VALUES ('q', 0, 20)",
        ]),
    ];

    private sealed class BodyFailed : Exception;

    private static Task<int> Take(Tx tx) => tx.Execute("UPDATE quota SET used = used + 1 WHERE id = 'q' AND used + 1 <= lim");

    private static Task<long> Used(Db db) => db.Read(r => r.Scalar<long>("SELECT used FROM quota WHERE id = 'q'"));

    private static Task<T[]> AtOnce<T>(int callers, Func<int, Task<T>> call) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => call(i))));

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AGuardedUpdateIsNeverExceeded(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        var other = store.Again();
        var taken = await AtOnce(32, async i =>
        {
            var sum = 0;
            for (var n = 0; n < 5; n++) sum += await (i % 2 == 0 ? store.Db : other).Write(Take);
            return sum;
        });
        taken.Sum().ShouldBe(20);
        (await Used(store.Db)).ShouldBe(20);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ASerializableDecisionHoldsOverManyRows(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        var placed = await AtOnce(32, i => store.Db.WriteSerializable(async tx =>
        {
            if (await tx.Scalar<long>("SELECT count(*) FROM quota_taken") >= 10) return false;
            await tx.Execute("INSERT INTO quota_taken VALUES (@id, @id, 'n', NULL)", new { id = $"{i}" });
            return true;
        }));
        placed.Count(p => p).ShouldBe(10);
        (await store.Db.Read(r => r.Scalar<long>("SELECT count(*) FROM quota_taken"))).ShouldBe(10);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AFailedBodyLeavesNothingAndHarmsNobody(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        var results = await AtOnce(32, async i =>
        {
            try
            {
                return await store.Db.Write(async tx =>
                {
                    await tx.Execute("INSERT INTO quota_taken VALUES (@id, @id, 'n', NULL)", new { id = $"{i}" });
                    return i % 2 == 0 ? true : throw new BodyFailed();
                });
            }
            catch (BodyFailed)
            {
                return false;
            }
        });
        results.ShouldBe(Enumerable.Range(0, 32).Select(i => i % 2 == 0));
        (await store.Db.Read(r => r.Query<string>("SELECT id FROM quota_taken"))).Order().ShouldBe(Enumerable.Range(0, 16).Select(i => $"{2 * i}").Order());
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AFailedStatementEndsItsTransaction(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        Exception? later = null;
        await Should.ThrowAsync<UniqueViolationException>(() => store.Db.Write(async tx =>
        {
            await Take(tx);
            await Swallowed(() => tx.Execute("INSERT INTO quota VALUES ('q', 0, 0)"));
            later = await Swallowed(() => Take(tx));
        }));
        later.ShouldBeOfType<InvalidOperationException>().Message.ShouldContain("earlier statement");
        (await Used(store.Db)).ShouldBe(0);

        static async Task<Exception?> Swallowed(Func<Task> act)
        {
            try
            {
                await act();
                return null;
            }
            catch (Exception e)
            {
                return e;
            }
        }
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task UniqueViolationsNameTheColumns(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        async Task<string> Violated(string id, string project, string name, string? address = null)
        {
            var refused = await Should.ThrowAsync<UniqueViolationException>(() => store.Db.Write(
                tx => tx.Execute("INSERT INTO quota_taken VALUES (@id, @project, @name, @address)", new { id, project, name, address })));
            return refused.Constraint;
        }

        await store.Db.Write(tx => tx.Execute("INSERT INTO quota_taken VALUES ('1', 'o', 'n', NULL), ('2', 'p', 'm', '10.0.0.1')"));
        for (var i = 0; i < 2; i++)
        {
            (await Violated("1", "x", "x")).ShouldBe("quota_taken.id");
            (await Violated("3", "o", "n")).ShouldBe("quota_taken.project, quota_taken.name");
            (await Violated("3", "x", "x", "10.0.0.1")).ShouldBe("quota_taken.address");
        }
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ReadersSeeOnlyWhatIsCommittedAndOneInstantOfIt(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        using var written = new SemaphoreSlim(0);
        using var seen = new SemaphoreSlim(0);
        var write = Task.Run(() => store.Db.Write(async tx =>
        {
            await Take(tx);
            written.Release();
            seen.Wait(TestContext.Current.CancellationToken);
        }));
        await written.WaitAsync();
        await store.Db.Read(async r =>
        {
            (await r.Scalar<long>("SELECT used FROM quota")).ShouldBe(0);
            seen.Release();
            await write;
            (await r.Scalar<long>("SELECT used FROM quota")).ShouldBe(0);
            return true;
        });
        (await Used(store.Db)).ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task EveryCallerSeesItsOwnWrites(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        var seen = await AtOnce(32, async i =>
        {
            var id = $"{i}";
            await store.Db.Write(tx => tx.Execute("INSERT INTO quota VALUES (@id, @i, 0)", new { id, i }));
            return await store.Db.Read(r => r.Scalar<int>("SELECT used FROM quota WHERE id = @id", new { id }));
        });
        seen.ShouldBe(Enumerable.Range(0, 32));
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task NowNeverGoesBackAndStandsStillInATransaction(string kind)
    {
        await using var store = await TestStore.Open(kind);
        var last = await store.Db.Now();
        for (var i = 0; i < 50; i++)
        {
            var (first, second) = await store.Db.Write(async tx =>
            {
                var before = tx.Now;
                await tx.Scalar<long>("SELECT count(*) FROM store_meta");
                return (before, tx.Now);
            });
            second.ShouldBe(first);
            first.ShouldBeGreaterThanOrEqualTo(last);
            last = await store.Db.Now();
            last.ShouldBeGreaterThanOrEqualTo(first);
        }

        DateTimeOffset.UnixEpoch.AddMicroseconds(last).Year.ShouldBe(DateTimeOffset.UtcNow.Year);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AfterCommitRunsOnceAndOnlyWhenDurable(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        var ran = new List<string>();
        await store.Db.Write(async tx =>
        {
            tx.AfterCommit(() => ran.Add("committed"));
            await Take(tx);
            ran.ShouldBeEmpty();
        });
        await Should.ThrowAsync<BodyFailed>(() => store.Db.Write<bool>(tx =>
        {
            tx.AfterCommit(() => ran.Add("rolled back"));
            throw new BodyFailed();
        }));
        ran.ShouldBe(["committed"]);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task NothingIsWrittenForACallerWhoIsGone(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        await Should.ThrowAsync<OperationCanceledException>(() => store.Db.Write(Take, new CancellationToken(true)));
        await Should.ThrowAsync<OperationCanceledException>(() => store.Db.Read(r => r.Scalar<long>("SELECT 1"), new CancellationToken(true)));
        (await Used(store.Db)).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AReaderCannotWriteAndNothingOutlivesItsTransaction(string kind)
    {
        await using var store = await TestStore.Open(kind, Quota);
        await Should.ThrowAsync<Exception>(() => store.Db.Read(r => r.Query<long>("UPDATE quota SET used = 9 RETURNING used")));
        (await Used(store.Db)).ShouldBe(0);
        Tx? kept = null;
        await store.Db.Write(tx =>
        {
            kept = tx;
            return Take(tx);
        });
        await Should.ThrowAsync<InvalidOperationException>(() => Take(kept!));
        var reader = await store.Db.Read(Task.FromResult);
        await Should.ThrowAsync<InvalidOperationException>(() => reader.Scalar<long>("SELECT 1"));
        (await Used(store.Db)).ShouldBe(1);
    }
}
