using System.Collections.Concurrent;
using Npgsql;

namespace Ciel.Core.Store;

/// <summary>PostgreSQL's SQLSTATEs (its appendix A) in the store's words.</summary>
/// <param name="catalog">Where the columns of a violated index are looked up.</param>
internal sealed class PostgresErrors(NpgsqlDataSource catalog)
{
    private const string IndexColumns =
        """
        SELECT CASE WHEN 0 = ANY(x.indkey) THEN 'index ''' || i.relname || '''' ELSE (
            SELECT string_agg(t.relname || '.' || a.attname, ', ' ORDER BY k.place)
            FROM unnest(x.indkey) WITH ORDINALITY AS k(number, place)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) END
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        WHERE i.relname = $1 AND t.relname = $2 AND pg_table_is_visible(t.oid)
        """;

    private readonly ConcurrentDictionary<(string Index, string Table), string> columns = new();

    /// <summary>True when running the same transaction again is likely to succeed.</summary>
    public static bool IsConflict(StoreBusyException e) => IsConflict(e.InnerException as PostgresException) || IsStalePlan(e);

    /// <summary>True when a prepared SELECT * met a table that a newer controller has given another column.</summary>
    public static bool IsStalePlan(StoreBusyException e) => IsStalePlan(e.InnerException as PostgresException);

    public async ValueTask<Exception> Translate(Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: { } index, TableName: { } table } =>
            new UniqueViolationException(await Columns(index, table), e),
        PostgresException p when IsConflict(p) || IsStalePlan(p) || IsExhausted(p.SqlState) => new StoreBusyException(p.MessageText, p),
        NpgsqlException and not PostgresException => new StoreBusyException(e.Message, e),
        _ => e,
    };

    private static bool IsConflict(PostgresException? e) =>
        e is { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    // The state is shared with much else, the routine is not.
    private static bool IsStalePlan(PostgresException? e) =>
        e is { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" };

    // Class 53 is out of something (disk, memory, connections), 57P0x is shutting down, 58 an I/O error, 55P03 a lock not granted in time.
    private static bool IsExhausted(string state) =>
        state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57P0", StringComparison.Ordinal)
        || state.StartsWith("58", StringComparison.Ordinal) || state == PostgresErrorCodes.LockNotAvailable;

    // SQLite names the columns, PostgreSQL the index: callers get the columns from both.
    private async Task<string> Columns(string index, string table)
    {
        if (columns.TryGetValue((index, table), out var known)) return known;
        await using var command = catalog.CreateCommand(IndexColumns);
        command.Parameters.Add(new NpgsqlParameter { Value = index });
        command.Parameters.Add(new NpgsqlParameter { Value = table });
        return await command.ExecuteScalarAsync() is string found ? columns[(index, table)] = found : index;
    }
}
