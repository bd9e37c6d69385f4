using Ciel.Core.Store;

namespace Ciel.Tests;

/// <summary>
/// A store of its own for one test, on either database:
/// <c>[Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]</c> and
/// <c>await using var store = await TestStore.Open(kind, migrations);</c>.
/// </summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly List<Db> opened = [];

    private TestStore(string kind, string place, TimeProvider time)
    {
        (Kind, Place, this.time) = (kind, place, time);
        Db = Again();
    }

    public static TheoryData<string> Both => ["sqlite", "postgresql"];

    public Db Db { get; }

    public string Kind { get; }

    /// <summary>The directory of the SQLite file, or PostgreSQL's connection string.</summary>
    public string Place { get; }

    /// <param name="kind">One of <see cref="Both"/>.</param>
    /// <param name="migrations">Applied before the test begins.</param>
    public static Task<TestStore> Open(string kind, params IEnumerable<Migration> migrations) => Open(kind, TimeProvider.System, migrations);

    public static async Task<TestStore> Open(string kind, TimeProvider time, params IEnumerable<Migration> migrations)
    {
        var place = kind == "sqlite"
            ? TestDirectory.Create("ciel-test-").FullName
            : await (await PostgresCluster.Shared).CreateDatabase();
        var store = new TestStore(kind, place, time);
        await Migrations.Apply(store.Db, migrations);
        return store;
    }

    /// <summary>Opens the same store once more, as another controller would.</summary>
    public Db Again()
    {
        Db db = Kind == "sqlite" ? SqliteDb.Open(Path.Combine(Place, "ciel.db"), time) : PostgresDb.Open(Place, time, new Random(1));
        opened.Add(db);
        return db;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var db in opened) await db.DisposeAsync();
        if (Kind == "sqlite") Directory.Delete(Place, recursive: true);
        else await (await PostgresCluster.Shared).DropDatabase(Place);
    }
}
