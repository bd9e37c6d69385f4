using System.Data;
using Npgsql;

namespace Ciel.Core.Store;

/// <summary>The store on PostgreSQL, shared by any number of controllers.</summary>
public sealed class PostgresDb : Db
{
    private const int MostAttempts = 12, MostConnections = 16, MostPrepared = 256;
    private const string Clock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private readonly NpgsqlDataSource writing;
    private readonly NpgsqlDataSource reading;
    private readonly PostgresErrors errors;
    private readonly TimeProvider time;
    private readonly Random random;

    private PostgresDb(string connection, TimeProvider time, Random random)
    {
        var text = new NpgsqlConnectionStringBuilder(connection)
        {
            ApplicationName = "ciel",
            MaxAutoPrepare = MostPrepared,
            AutoPrepareMinUsages = 2,
            MaxPoolSize = MostConnections,
            NoResetOnClose = true,
            Enlist = false,
        };
        writing = NpgsqlDataSource.Create(text);
        text.Options = "-c default_transaction_read_only=on";
        reading = NpgsqlDataSource.Create(text);
        errors = new PostgresErrors(reading);
        this.time = time;
        this.random = random;
    }

    /// <inheritdoc/>
    public override Dialect Dialect => PostgresDialect.Instance;

    /// <summary>Opens the database that an Npgsql connection string names; the database exists. Pauses between attempts take their length from the random source.</summary>
    public static PostgresDb Open(string connection, TimeProvider time, Random random) => new(connection, time, random);

    /// <inheritdoc/>
    public override async ValueTask<long> Now(CancellationToken cancel = default)
    {
        try
        {
            await using var connection = await reading.OpenConnectionAsync(cancel);
            return await Now(connection, cancel);
        }
        catch (NpgsqlException e)
        {
            throw await errors.Translate(e);
        }
    }

    /// <inheritdoc/>
    public override Task<T> Write<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default) =>
        Retry(() => Commit(IsolationLevel.ReadCommitted, body, cancel), cancel);

    /// <inheritdoc/>
    public override Task<T> WriteSerializable<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default) =>
        Retry(() => Commit(IsolationLevel.Serializable, body, cancel), cancel);

    /// <inheritdoc/>
    public override Task<T> Read<T>(Func<Reader, Task<T>> body, CancellationToken cancel = default) =>
        Retry(() => Look(body, cancel), cancel);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await writing.DisposeAsync();
        await reading.DisposeAsync();
    }

    private static async Task<long> Now(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Clock, connection);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private async Task<T> Retry<T>(Func<Task<T>> once, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await once();
            }
            catch (StoreBusyException e) when (attempt < MostAttempts && PostgresErrors.IsConflict(e))
            {
                if (PostgresErrors.IsStalePlan(e)) ForgetPlans();
                await Task.Delay(Pause(attempt), time, cancel);
            }
        }
    }

    private async Task<T> Commit<T>(IsolationLevel level, Func<Tx, Task<T>> body, CancellationToken cancel)
    {
        PostgresSession? session = null;
        T result;
        try
        {
            await using var connection = await writing.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(level, cancel);
            session = new PostgresSession(connection, errors, await Now(connection, cancel), cancel);
            result = await body(session);
            // PostgreSQL would answer COMMIT with a silent rollback.
            if (session.Failure is { } swallowed) throw swallowed;
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            var failure = await Failure(e, session);
            if (failure == e) throw;
            throw failure;
        }
        finally
        {
            session?.End();
        }

        foreach (var action in session.AfterCommits) action();
        return result;
    }

    private async Task<T> Look<T>(Func<Reader, Task<T>> body, CancellationToken cancel)
    {
        PostgresSession? session = null;
        try
        {
            await using var connection = await reading.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            session = new PostgresSession(connection, errors, 0, cancel);
            return await body(session);
        }
        catch (Exception e)
        {
            var failure = await Failure(e, session);
            if (failure == e) throw;
            throw failure;
        }
        finally
        {
            session?.End();
        }
    }

    // Whatever a body made of it: where the database was busy, the transaction may run again.
    private async Task<Exception> Failure(Exception e, PostgresSession? session) =>
        session?.Failure as StoreBusyException ?? await errors.Translate(e);

    private void ForgetPlans()
    {
        writing.Clear();
        reading.Clear();
    }

    // Full jitter: any time up to a ceiling that doubles.
    private TimeSpan Pause(int attempt)
    {
        lock (random) return Math.Min(Math.Pow(2, attempt), LongestPause.TotalMilliseconds) * random.NextDouble() * TimeSpan.FromMilliseconds(1);
    }
}
