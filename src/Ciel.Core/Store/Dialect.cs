using System.Text.RegularExpressions;

namespace Ciel.Core.Store;

/// <summary>What differs between the two databases' SQL: as little as can be.</summary>
public abstract partial class Dialect
{
    /// <summary><c>sqlite</c> or <c>postgresql</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Put behind a SELECT that claims rows: <c>FOR UPDATE SKIP LOCKED</c>, or nothing.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Put behind a SELECT that must keep its rows until commit: <c>FOR UPDATE</c>, or nothing.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Put behind a SELECT whose rows must not be deleted until commit, while others may read and hold them too: <c>FOR KEY SHARE</c>, or nothing.</summary>
    public abstract string ForKeyShare { get; }

    /// <summary>
    /// Lets one transaction at a time go on with a name, until it ends: for decisions about a row that may not be there yet, which no row lock holds.
    /// On SQLite every transaction is the only one.
    /// </summary>
    public abstract Task HoldName(Tx tx, string name);

    /// <summary>
    /// Turns one neutral CREATE TABLE or CREATE INDEX into this database's. The neutral form uses only <c>text</c>, <c>bigint</c> and
    /// <c>bytea</c>; text sorts bytewise on both, SQLite's tables become STRICT.
    /// </summary>
    public abstract string Ddl(string neutral);

    /// <summary>
    /// A predicate that the column's text contains the parameter's (<c>@name</c>), case-sensitively; <c>%</c> and <c>_</c> mean
    /// themselves. This and <see cref="StartsWith"/> stand in for LIKE, whose case and escapes differ.
    /// </summary>
    public abstract string Contains(string column, string parameter);

    /// <summary>A predicate that the column's text starts with the parameter's (<c>@name</c>), case-sensitively.</summary>
    public abstract string StartsWith(string column, string parameter);

    /// <summary>How the driver wants the parameter, which is the <paramref name="position"/>th of its statement, from 1.</summary>
    internal abstract string Placeholder(string name, int position);

    /// <summary>What stands for <c>IN @list</c> or <c>NOT IN @list</c>.</summary>
    internal abstract string AnyOf(string placeholder, bool not);

    /// <summary>Keeps other controllers from changing the schema until this transaction ends.</summary>
    internal abstract Task LockSchema(Tx tx);

    private protected static bool IsNewTable(string neutral) => NewTable().IsMatch(neutral);

    private protected static bool IsTable(string neutral) => AnyTable().IsMatch(neutral);

    /// <summary>The neutral type names; quoted text and names match too, to be left as they are.</summary>
    [GeneratedRegex("""'(?:[^']|'')*'|"(?:[^"]|"")*"|\b(?:text|bigint|bytea)\b""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private protected static partial Regex Types();

    [GeneratedRegex(@"^\s*CREATE\s+TABLE\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NewTable();

    [GeneratedRegex(@"^\s*(CREATE|ALTER)\s+TABLE\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnyTable();
}
