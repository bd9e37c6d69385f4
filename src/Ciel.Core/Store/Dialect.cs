namespace Ciel.Core.Store;

/// <summary>What differs between the two databases' SQL: as little as can be.</summary>
public abstract class Dialect
{
    /// <summary><c>sqlite</c> or <c>postgresql</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Put behind a SELECT that claims rows: <c>FOR UPDATE SKIP LOCKED</c>, or nothing.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Put behind a SELECT that must keep its rows until commit: <c>FOR UPDATE</c>, or nothing.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>
    /// Turns one neutral CREATE TABLE or CREATE INDEX into this database's. The neutral form uses only <c>text</c>, <c>bigint</c> and
    /// <c>bytea</c>; text sorts bytewise on both, SQLite's tables become STRICT.
    /// </summary>
    public abstract string Ddl(string neutral);

    /// <summary>A predicate that the column's text contains the parameter's, or starts with it, case-sensitively: the only LIKE.</summary>
    public abstract string Contains(string column, string parameter);
}

/// <summary>One step of a schema, applied once and in order. Never edited after a release; add another.</summary>
/// <param name="Owner">The service or room that owns the tables; they bear its prefix.</param>
/// <param name="Number">From 1, gapless for each owner.</param>
/// <param name="Statements">Neutral SQL, one statement each (<see cref="Dialect.Ddl"/>).</param>
public sealed record Migration(string Owner, int Number, IReadOnlyList<string> Statements);
