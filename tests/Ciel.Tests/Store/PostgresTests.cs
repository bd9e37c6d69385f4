using Ciel.Core.Store;

namespace Ciel.Tests.Store;

public class PostgresTests
{
    private static readonly Migration[] Locks =
    [
        new("lock", 1, ["CREATE TABLE lock_row (id text NOT NULL PRIMARY KEY, n bigint NOT NULL)", "INSERT INTO lock_row VALUES ('a', 0), ('b', 0)"]),
    ];

    private static Task<int> Bump(Tx tx, string id) => tx.Execute("UPDATE lock_row SET n = n + 1 WHERE id = @id", new { id });

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task AConflictIsTriedAgainSomeTimesAndThenTheStoreIsBusy(string state)
    {
        await using var store = await TestStore.Open("postgresql", Locks);
        var attempts = 0;
        await Should.ThrowAsync<StoreBusyException>(() => store.Db.Write(async tx =>
        {
            attempts++;
            await Bump(tx, "a");
            await tx.Execute($"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END $$");
        }));
        attempts.ShouldBe(12);
        (await store.Db.Read(r => r.Scalar<long>("SELECT n FROM lock_row WHERE id = 'a'"))).ShouldBe(0);
    }

    [Fact]
    public async Task ADeadlocksLoserRunsAgain()
    {
        await using var store = await TestStore.Open("postgresql", Locks);
        using var both = new Barrier(2);
        var attempts = 0;
        Task Cross(string first, string second) => Task.Run(() => store.Db.Write(async tx =>
        {
            await Bump(tx, first);
            if (Interlocked.Increment(ref attempts) <= 2) both.SignalAndWait(TestContext.Current.CancellationToken);
            await Bump(tx, second);
        }));
        await Task.WhenAll(Cross("a", "b"), Cross("b", "a"));
        attempts.ShouldBeGreaterThan(2);
        (await store.Db.Read(r => r.Query<long>("SELECT n FROM lock_row"))).ShouldBe([2, 2]);
    }

    [Fact]
    public async Task AServerThatIsNotThereIsBusy()
    {
        await using var db = PostgresDb.Open("Host=/nowhere;Username=nobody", TimeProvider.System, new Random(1));
        await Should.ThrowAsync<StoreBusyException>(() => db.Write(tx => tx.Scalar<long>("SELECT 1")));
        await Should.ThrowAsync<StoreBusyException>(() => db.Read(r => r.Scalar<long>("SELECT 1")));
        await Should.ThrowAsync<StoreBusyException>(async () => await db.Now());
    }
}
