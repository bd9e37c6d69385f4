namespace Ciel.Core.Store;

/// <summary>
/// The store: SQLite or PostgreSQL behind one face. Both take the same SQL text with the same types: ids as text, instants as
/// bigint µs UTC, booleans as bigint 0 or 1, JSON as text. Parameters are <c>@name</c>, bound from an object's properties.
/// Column <c>project_id</c> maps to property <c>ProjectId</c>; rows become records, classes, tuples or single values. <c>IN @list</c>
/// and <c>NOT IN @list</c> take any number of values, also none. A failed statement ends its transaction on both databases:
/// to insert what may exist, say ON CONFLICT DO NOTHING.
/// </summary>
public abstract class Db : IAsyncDisposable
{
    /// <summary>What differs between the two databases' SQL.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>The one clock for leases, tokens and spans, µs UTC: the database's on PostgreSQL, the injected one on SQLite.</summary>
    public abstract ValueTask<long> Now(CancellationToken cancel = default);

    /// <summary>
    /// Runs the body in one transaction and returns when it is durable. The body may run twice: no side effects, no network, and it
    /// awaits nothing but its <see cref="Tx"/> (on SQLite every such await completes at once, on the writer's thread). PostgreSQL
    /// runs it READ COMMITTED: hold every invariant by a guarded UPDATE, a unique constraint or rows locked in one fixed order.
    /// </summary>
    /// <exception cref="StoreBusyException">The database gave up after retries; answer 503 with Retry-After.</exception>
    /// <exception cref="UniqueViolationException">A unique constraint refused a row.</exception>
    public abstract Task<T> Write<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default);

    /// <summary>As <see cref="Write{T}"/>, and SERIALIZABLE on PostgreSQL: for the few transactions whose decision reads many rows (placement).</summary>
    public abstract Task<T> WriteSerializable<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default);

    /// <summary>Runs the body on one consistent snapshot, read-only; it may run twice. It must not outlive the stage of the request that it serves.</summary>
    public abstract Task<T> Read<T>(Func<Reader, Task<T>> body, CancellationToken cancel = default);

    /// <summary>As <see cref="Write{T}"/>, without a result.</summary>
    public Task Write(Func<Tx, Task> body, CancellationToken cancel = default) => Write(
        async tx =>
        {
            await body(tx);
            return true;
        },
        cancel);

    /// <summary>Closes every connection after the writes under way.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>Reads in one snapshot or transaction.</summary>
public abstract class Reader
{
    /// <summary>What differs between the two databases' SQL.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>All rows.</summary>
    public abstract Task<List<T>> Query<T>(string sql, object? args = null);

    /// <summary>Row by row, for what may be too many to hold at once. The action asks the store nothing.</summary>
    public abstract Task Each<T>(string sql, object? args, Action<T> act);

    /// <summary>The first row or default.</summary>
    public abstract Task<T?> First<T>(string sql, object? args = null);

    /// <summary>The first column of the first row; default where there is none or it is null.</summary>
    public abstract Task<T?> Scalar<T>(string sql, object? args = null);
}

/// <summary>One write transaction.</summary>
public abstract class Tx : Reader
{
    /// <summary>The transaction's instant, µs UTC; the same throughout the transaction.</summary>
    public abstract long Now { get; }

    /// <summary>Runs a statement and answers how many rows it changed.</summary>
    public abstract Task<int> Execute(string sql, object? args = null);

    /// <summary>Runs the action once, after this transaction is durable; never when it is rolled back. For hints such as waking the engine in this process; it does not throw.</summary>
    public abstract void AfterCommit(Action action);
}

/// <summary>The database gave up after retries (PostgreSQL's 40001 and 40P01, a full disk, an I/O error).</summary>
public sealed class StoreBusyException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A unique constraint refused a row.</summary>
/// <param name="constraint">What must be unique: <c>table.column</c>, or <c>table.a, table.b</c> in the index's order.</param>
/// <param name="inner">The driver's own.</param>
public sealed class UniqueViolationException(string constraint, Exception? inner = null) : Exception($"{constraint} is taken", inner)
{
    /// <summary>What must be unique, the same on both databases: <c>table.column</c>, or <c>table.a, table.b</c> in the index's order.</summary>
    public string Constraint { get; } = constraint;
}
