using Microsoft.Data.Sqlite;

namespace Ciel.Core.Store;

/// <summary>The embedded store: one file, one writer that commits for many callers at once, and readers beside it.</summary>
public sealed class SqliteDb : Db
{
    private const int MostReaders = 16;
    private readonly SqliteLine writing;
    private readonly SqliteClock clock;
    private readonly SqliteWriter writer;
    private readonly SqliteReaders readers;
    private readonly SqliteCheckpoints checkpoints;
    private int closed;

    private SqliteDb(string path, TimeProvider time)
    {
        clock = new SqliteClock(time);
        // An existing one is not touched: closing a second handle would drop this process's locks on it.
        if (!File.Exists(path)) CreatePrivate(path, FileMode.OpenOrCreate);
        writing = SqliteLine.Open(path, SqliteOpenMode.ReadWrite);
        var journal = writing.Ask("PRAGMA journal_mode = WAL", r => r.GetString(0));
        if (journal != "wal") throw new IOException($"{path}: the file system has no shared memory for SQLite's log, journal_mode is {journal}");
        writing.Do("PRAGMA synchronous = FULL");
        writing.Do("PRAGMA wal_autocheckpoint = 0");
        writer = new SqliteWriter(new SqliteBatch(writing, clock.Now));
        readers = new SqliteReaders(() => SqliteLine.Open(path, SqliteOpenMode.ReadOnly), MostReaders);
        checkpoints = new SqliteCheckpoints(SqliteLine.Open(path, SqliteOpenMode.ReadWrite), time);
    }

    /// <inheritdoc/>
    public override Dialect Dialect => SqliteDialect.Instance;

    /// <summary>Opens the file, or makes it; the directory exists. The clock also drives the checkpoints.</summary>
    public static SqliteDb Open(string path, TimeProvider time) => new(path, time);

    /// <summary>
    /// A store in memory without any thread: all runs on the caller, in order, so that the simulator repeats. Bodies of reads
    /// too must await nothing but their Reader.
    /// </summary>
    /// <param name="time">The clock.</param>
    /// <param name="copyOf">Another such store, whose rows it begins with; null for none.</param>
    public static Db OpenInline(TimeProvider time, Db? copyOf = null) => new SqliteInlineDb(time, (SqliteInlineDb?)copyOf);

    /// <inheritdoc/>
    public override ValueTask<long> Now(CancellationToken cancel = default) => ValueTask.FromResult(clock.Now());

    /// <inheritdoc/>
    public override Task<T> Write<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default)
    {
        var job = new SqliteJob<T>(body, cancel);
        writer.Add(job);
        return job.Result();
    }

    /// <inheritdoc/>
    public override Task<T> WriteSerializable<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default) => Write(body, cancel);

    /// <inheritdoc/>
    public override Task<T> Read<T>(Func<Reader, Task<T>> body, CancellationToken cancel = default) => readers.Use(
        async line =>
        {
            var session = new SqliteSession(line, 0);
            line.Do("BEGIN");
            try
            {
                return await body(session);
            }
            finally
            {
                session.End();
                line.Do("ROLLBACK");
            }
        },
        cancel);

    /// <summary>Folds the write-ahead log into the file now; what that failed with, or null. It is tried again every second anyhow.</summary>
    public SqliteException? Checkpoint()
    {
        checkpoints.Tick();
        return checkpoints.Failure;
    }

    /// <summary>Copies the store as it is at one instant into a new file, while callers go on reading and writing.</summary>
    /// <exception cref="IOException">The file exists.</exception>
    public Task BackupTo(string path, CancellationToken cancel = default) => readers.Use(
        line =>
        {
            CreatePrivate(path, FileMode.CreateNew);
            line.CopyTo(path);
            return Task.FromResult(true);
        },
        cancel);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) == 1) return;
        await writer.DisposeAsync();
        readers.Dispose();
        checkpoints.Dispose();
        writing.Dispose();
    }

    // The store holds what no machine's user may read; SQLite gives its log the same mode.
    private static void CreatePrivate(string path, FileMode mode) => new FileStream(path, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    }).Dispose();
}
