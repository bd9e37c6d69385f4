using Microsoft.Data.Sqlite;

namespace Ciel.Core.Store;

/// <summary>SQLite in memory on one connection, without threads: for the simulator.</summary>
internal sealed class SqliteInlineDb : Db
{
    private readonly SqliteLine line = SqliteLine.Open(":memory:", SqliteOpenMode.Memory);
    private readonly SqliteClock clock;
    private readonly SqliteBatch batch;

    public SqliteInlineDb(TimeProvider time, SqliteInlineDb? copyOf)
    {
        copyOf?.line.CopyTo(line);
        clock = new SqliteClock(time);
        batch = new SqliteBatch(line, clock.Now);
    }

    public override Dialect Dialect => SqliteDialect.Instance;

    public override ValueTask<long> Now(CancellationToken cancel = default) => ValueTask.FromResult(clock.Now());

    public override Task<T> Write<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default)
    {
        RefuseNesting();
        var job = new SqliteJob<T>(body, cancel);
        batch.Commit([job]);
        return job.Result();
    }

    public override Task<T> WriteSerializable<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default) => Write(body, cancel);

    public override Task<T> Read<T>(Func<Reader, Task<T>> body, CancellationToken cancel = default)
    {
        RefuseNesting();
        cancel.ThrowIfCancellationRequested();
        var session = new SqliteSession(line, 0);
        var changes = line.Changes;
        line.Do("BEGIN");
        try
        {
            var result = Bodies.Run(() => body(session));
            return line.Changes == changes ? Task.FromResult(result) : throw new InvalidOperationException("a read has written");
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
        finally
        {
            session.End();
            line.Do("ROLLBACK");
        }
    }

    public override ValueTask DisposeAsync()
    {
        line.Dispose();
        return ValueTask.CompletedTask;
    }

    private void RefuseNesting()
    {
        if (line.InTransaction) throw new InvalidOperationException("a transaction is open: use its Tx or Reader, do not start another inside");
    }
}
