using Ciel.Core.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Bench;

/// <summary>The embedded store against SQLite used by hand, one transaction after the other, and against the disk itself.</summary>
internal sealed class StoreBenchmark : Benchmark
{
    private const int Rows = 500;
    private static readonly Migration[] Tables =
        [new("bench", 1, ["CREATE TABLE bench (id text NOT NULL PRIMARY KEY, project_id text NOT NULL, state text NOT NULL, size bigint NOT NULL)"])];

    private sealed record Row(string Id, string ProjectId, string State, long Size)
    {
        public static Row Number(long n) => new($"{n:x32}", "project", "ACTIVE", n);
    }

    public override string Name => "store";

    public override async IAsyncEnumerable<Figure> Run()
    {
        var directory = Directory.CreateTempSubdirectory("ciel-bench-");
        try
        {
            using var file = File.OpenHandle(Path.Combine(directory.FullName, "sync"), FileMode.Create, FileAccess.Write);
            await using var bare = Bare(directory);
            await using var db = SqliteDb.Open(Path.Combine(directory.FullName, "ciel.db"), TimeProvider.System);
            await Migrations.Apply(db, Tables);
            await foreach (var figure in Rounds.Run(Writers(file, bare, db))) yield return figure;
            await foreach (var figure in Rounds.Run(Readers(bare, db))) yield return figure;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static List<Contestant> Writers(SafeFileHandle file, SqliteConnection bare, SqliteDb db)
    {
        var page = new byte[4096];
        long last = 0;
        return
        [
            Alone("disk: 4 KiB written and synced", "syncs/s", n =>
            {
                RandomAccess.Write(file, page, n % 1024 * page.Length);
                RandomAccess.FlushToDisk(file);
            }),
            Alone("bare SQLite, one by one", "commits/s", Inserts(bare)),
            .. new[] { 1, 32, 128 }.Select(callers => new Contestant(
                $"Ciel, {callers} callers", "commits/s", callers, _ => Insert(db, Row.Number(Interlocked.Increment(ref last))))),
        ];
    }

    private static List<Contestant> Readers(SqliteConnection bare, SqliteDb db)
    {
        var command = new SqliteCommand("SELECT id, project_id, state, size FROM bench WHERE id = @Id", bare);
        var id = command.Parameters.Add("@Id", SqliteType.Text);
        return
        [
            Alone("bare SQLite, prepared point reads", "reads/s", n =>
            {
                id.Value = Row.Number(1 + n % Rows).Id;
                using var reader = command.ExecuteReader();
                if (!reader.Read()) throw new InvalidOperationException("no such row");
                _ = new Row(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3));
            }),
            .. new[] { 1, 2, 32 }.Select(callers => new Contestant(
                $"Ciel, point reads, {callers} callers", "reads/s", callers, n => First(db, Row.Number(1 + n % Rows).Id))),
        ];
    }

    private static Contestant Alone(string what, string unit, Action<long> act) => new(what, unit, 1, n =>
    {
        act(n);
        return Task.CompletedTask;
    });

    private static SqliteConnection Bare(DirectoryInfo directory)
    {
        var bare = new SqliteConnection($"Data Source={directory.FullName}/bare.db;Pooling=False");
        bare.Open();
        foreach (var sql in (string[])["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", SqliteDialect.Instance.Ddl(Tables[0].Statements[0])])
        {
            using var command = new SqliteCommand(sql, bare);
            command.ExecuteNonQuery();
        }

        return bare;
    }

    private static Action<long> Inserts(SqliteConnection bare)
    {
        var command = new SqliteCommand("INSERT INTO bench VALUES (@Id, 'project', 'ACTIVE', @Size)", bare);
        var id = command.Parameters.Add("@Id", SqliteType.Text);
        var size = command.Parameters.Add("@Size", SqliteType.Integer);
        return n =>
        {
            (id.Value, size.Value) = (Row.Number(n).Id, n);
            command.ExecuteNonQuery();
        };
    }

    private static Task<int> Insert(SqliteDb db, Row row) =>
        db.Write(tx => tx.Execute("INSERT INTO bench VALUES (@Id, @ProjectId, @State, @Size)", row));

    private static Task<Row?> First(SqliteDb db, string id) =>
        db.Read(r => r.First<Row>("SELECT id, project_id, state, size FROM bench WHERE id = @id", new { id }));
}
