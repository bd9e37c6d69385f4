using Microsoft.Data.Sqlite;

namespace Ciel.Core.Store;

/// <summary>
/// Moves the write-ahead log into the database file once a second, on its own connection, so that no caller's commit pays for it.
/// PASSIVE waits for nobody; when readers have kept the log from starting over until it is large, RESTART waits for them.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    private const long LargeLog = 65_536;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly SqliteLine line;
    private readonly ITimer timer;
    private bool closed;

    public SqliteCheckpoints(SqliteLine line, TimeProvider time)
    {
        this.line = line;
        timer = time.CreateTimer(_ => Tick(), null, Every, Every);
    }

    /// <summary>What the last checkpoint failed with, for the doctor; the next one tries again.</summary>
    public SqliteException? Failure { get; private set; }

    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            closed = true;
            line.Dispose();
        }
    }

    /// <summary>One checkpoint now, unless one is under way.</summary>
    public void Tick()
    {
        if (!gate.TryEnter()) return;
        try
        {
            if (closed) return;
            var pages = line.Ask("PRAGMA wal_checkpoint(PASSIVE)", r => r.GetInt64(1));
            if (pages > LargeLog) line.Do("PRAGMA wal_checkpoint(RESTART)");
            Failure = null;
        }
        catch (SqliteException e)
        {
            Failure = e;
        }
        finally
        {
            gate.Exit();
        }
    }
}
