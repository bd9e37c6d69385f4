using Ciel.Core.Store;
using Microsoft.Data.Sqlite;

namespace Ciel.Tests.Store;

/// <summary>What only the embedded store promises: one writer, many callers, one commit.</summary>
public class SqliteTests
{
    private static readonly Migration[] Rows =
    [
        new("row", 1,
        [
            "CREATE TABLE row_parent (id text NOT NULL PRIMARY KEY)",
            "CREATE TABLE row_child (id bigint NOT NULL PRIMARY KEY, parent text REFERENCES row_parent (id) DEFERRABLE INITIALLY DEFERRED, data bytea)",
        ]),
    ];

    private sealed class BodyFailed : Exception;

    /// <summary>Holds the writer in a first write until so many others wait behind it: they are then one batch.</summary>
    private static async Task<Task<Exception?>[]> OneBatch(Db db, int callers, Func<Tx, int, Task<int>> body)
    {
        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var first = db.Write(tx =>
        {
            entered.Release();
            release.Wait(TestContext.Current.CancellationToken);
            return Task.FromResult(0);
        });
        await entered.WaitAsync();
        var all = Enumerable.Range(0, callers).Select(i => Outcome(db.Write(tx => body(tx, i)))).ToArray();
        release.Release();
        await first;
        await Task.WhenAll(all);
        return all;
    }

    private static async Task<Exception?> Outcome(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static Task<int> Insert(Tx tx, int id, string? parent = null) =>
        tx.Execute("INSERT INTO row_child (id, parent) VALUES (@id, @parent)", new { id, parent });

    private static Task<long> Count(Db db) => db.Read(r => r.Scalar<long>("SELECT count(*) FROM row_child"));

    [Fact]
    public async Task ThirtyTwoCallersShareOneCommit()
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        var other = store.Again();
        var before = await Version(other);
        var outcomes = await OneBatch(store.Db, 32, (tx, i) => Insert(tx, i));
        outcomes.ShouldAllBe(o => o.Result == null);
        (await Count(store.Db)).ShouldBe(32);
        (await Version(other)).ShouldBe(before + 1);

        // PRAGMA data_version moves by one for each commit that another connection makes.
        static Task<long> Version(Db db) => db.Write(tx => tx.Scalar<long>("PRAGMA data_version"));
    }

    [Fact]
    public async Task EveryCommitIsSyncedAndNoneCheckpoints()
    {
        await using var store = await TestStore.Open("sqlite");
        Task<string?> Pragma(string name) => store.Db.Write(tx => tx.Scalar<string>($"PRAGMA {name}"));
        (await Pragma("journal_mode")).ShouldBe("wal");
        (await Pragma("synchronous")).ShouldBe("2");
        (await Pragma("wal_autocheckpoint")).ShouldBe("0");
        (await Pragma("foreign_keys")).ShouldBe("1");
    }

    [Fact]
    public async Task ACheckpointMovesTheLogIntoTheFile()
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        var file = new FileInfo(Path.Combine(store.Place, "ciel.db"));
        for (var i = 0; i < 20; i++) await store.Db.Write(tx => tx.Execute("INSERT INTO row_child (id, data) VALUES (@i, @Data)", new { i, Data = new byte[100_000] }));
        using var checkpoints = new SqliteCheckpoints(SqliteLine.Open(file.FullName, SqliteOpenMode.ReadWrite), TimeProvider.System);
        checkpoints.Tick();
        checkpoints.Failure.ShouldBeNull();
        file.Refresh();
        file.Length.ShouldBeGreaterThan(2_000_000);
        (await Count(store.Db)).ShouldBe(20);
    }

    [Fact]
    public async Task NobodyElseMayReadTheFiles()
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        await ((SqliteDb)store.Db).BackupTo(Path.Combine(store.Place, "backup.db"));
        var files = Directory.GetFiles(store.Place);
        files.Select(Path.GetFileName).ShouldBeSubsetOf(["ciel.db", "ciel.db-wal", "ciel.db-shm", "backup.db"]);
        files.Length.ShouldBeGreaterThanOrEqualTo(3);
        files.ShouldAllBe(f => File.GetUnixFileMode(f) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task AFailingBodyIsToldToItsOwnCallerOnly()
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        var outcomes = await OneBatch(store.Db, 32, async (tx, i) =>
        {
            await Insert(tx, i);
            if (i % 3 == 0) throw new BodyFailed();
            return i % 3 == 1 ? await Insert(tx, i) : i;
        });
        for (var i = 0; i < 32; i++)
        {
            var outcome = await outcomes[i];
            if (i % 3 == 0) outcome.ShouldBeOfType<BodyFailed>();
            else if (i % 3 == 1) outcome.ShouldBeOfType<UniqueViolationException>().Constraint.ShouldBe("row_child.id");
            else outcome.ShouldBeNull();
        }

        (await Count(store.Db)).ShouldBe(10);
    }

    [Fact]
    public async Task AFailedCommitFailsThemAll()
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        var outcomes = await OneBatch(store.Db, 32, (tx, i) => i == 16 ? throw new BodyFailed() : Insert(tx, i, i == 7 ? "nobody" : null));
        foreach (var outcome in outcomes) (await outcome).ShouldBeOfType<StoreBusyException>().Message.ShouldContain("FOREIGN KEY");
        (await Count(store.Db)).ShouldBe(0);
        await store.Db.Write(tx => Insert(tx, 1));
        (await Count(store.Db)).ShouldBe(1);
    }

    // SQLite itself rolls back all for the first, and only the statement for the second.
    [Theory]
    [InlineData("UPDATE row_child SET data = @Data")]
    [InlineData("INSERT INTO row_child (id, data) SELECT id + 1000, @Data FROM row_child")]
    public async Task AFullDiskRollsTheWholeBatchBack(string sql)
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        await store.Db.Write(tx => tx.Query<long>("PRAGMA max_page_count = 20"));
        var outcomes = await OneBatch(store.Db, 8, async (tx, i) =>
        {
            await Insert(tx, i);
            if (i != 3) return i;
            // A body that swallows it cannot save its batch.
            (await Outcome(tx.Execute(sql, new { Data = new byte[1_000_000] }))).ShouldBeOfType<StoreBusyException>();
            return i;
        });
        foreach (var outcome in outcomes) (await outcome).ShouldBeOfType<StoreBusyException>().Message.ShouldContain("full");
        (await Count(store.Db)).ShouldBe(0);
        await store.Db.Write(tx => Insert(tx, 1));
        (await Count(store.Db)).ShouldBe(1);
    }

    [Fact]
    public async Task ABodyThatAwaitsSomethingElseIsRefused()
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        var never = new TaskCompletionSource();
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => store.Db.Write(async tx =>
        {
            await Insert(tx, 1);
            await never.Task;
        }));
        refused.Message.ShouldContain("awaits something other");
        (await Count(store.Db)).ShouldBe(0);
    }

    [Fact]
    public async Task CallersGoOnElsewhereThanOnTheWritersThread()
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        string? inside = null;
        var after = await ThreadAfter(store.Db.Write(tx =>
        {
            inside = Thread.CurrentThread.Name;
            return Insert(tx, 1);
        }));
        inside.ShouldBe("sqlite writer");
        after.ShouldNotBe("sqlite writer");

        static async Task<string?> ThreadAfter(Task task)
        {
            await task.ConfigureAwait(false);
            return Thread.CurrentThread.Name;
        }
    }

    [Fact]
    public async Task WaitingWritesAreDoneBeforeTheStoreCloses()
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        var db = store.Again();
        var writes = Enumerable.Range(0, 500).Select(i => db.Write(tx => Insert(tx, i))).ToArray();
        await db.DisposeAsync();
        await Task.WhenAll(writes);
        (await Count(store.Db)).ShouldBe(500);
        await Should.ThrowAsync<InvalidOperationException>(() => db.Write(tx => Insert(tx, 501)));
    }

    [Fact]
    public async Task ABackupIsTheStoreAtOneInstant()
    {
        await using var store = await TestStore.Open("sqlite", Rows);
        for (var i = 0; i < 10; i++) await store.Db.Write(tx => Insert(tx, i));
        await using var other = await TestStore.Open("sqlite");
        var path = Path.Combine(other.Place, "backup.db");
        await ((SqliteDb)store.Db).BackupTo(path);
        await store.Db.Write(tx => Insert(tx, 99));

        await using var restored = SqliteDb.Open(path, TimeProvider.System);
        (await Count(restored)).ShouldBe(10);
        (await restored.Write(tx => tx.Query<string>("PRAGMA integrity_check"))).ShouldBe(["ok"]);
        await Should.ThrowAsync<IOException>(() => ((SqliteDb)store.Db).BackupTo(path));
    }
}
