using Ciel.Core.Store;

namespace Ciel.Tests;

/// <summary>A store of its own for one test, on either database: <c>await using var store = await TestStore.Open(kind, migrations);</c></summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ciel-test-");

    private TestStore()
    {
        Path = System.IO.Path.Combine(directory.FullName, "ciel.db");
        Db = SqliteDb.Open(Path, TimeProvider.System);
    }

    /// <summary>For <c>[Theory] [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]</c>.</summary>
    public static TheoryData<string> Both => ["sqlite"];

    public Db Db { get; }

    public string Path { get; }

    public string? ConnectionString { get; }

    public static async Task<TestStore> Open(string kind, params IEnumerable<Migration> migrations)
    {
        var store = new TestStore();
        await Migrations.Apply(store.Db, migrations);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        directory.Delete(recursive: true);
    }
}
