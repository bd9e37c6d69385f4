namespace Ciel.Core.Store;

/// <summary>SQLite's words.</summary>
internal sealed class SqliteDialect : Dialect
{
    public static readonly SqliteDialect Instance = new();

    public override string Name => "sqlite";

    public override string SkipLocked => "";

    public override string ForUpdate => "";

    public override string ForKeyShare => "";

    // INT and not INTEGER: INTEGER PRIMARY KEY would number rows by itself where PostgreSQL refuses the NULL.
    public override string Ddl(string neutral) => IsTable(neutral)
        ? Types().Replace(neutral.TrimEnd().TrimEnd(';'), m => m.Value.ToUpperInvariant() switch
        {
            "TEXT" => "TEXT",
            "BIGINT" => "INT",
            "BYTEA" => "BLOB",
            _ => m.Value,
        }) + (IsNewTable(neutral) ? " STRICT" : "")
        : neutral;

    public override string Contains(string column, string parameter) => $"instr({column}, {parameter}) > 0";

    public override string StartsWith(string column, string parameter) => $"substr({column}, 1, length({parameter})) = {parameter}";

    internal override string Placeholder(string name, int position) => $"@{name}";

    // One text for every length of list, so that the statement stays prepared.
    internal override string AnyOf(string placeholder, bool not) => $"{(not ? "NOT " : "")}IN (SELECT value FROM json_each({placeholder}))";

    // There is one writer at a time anyway, and other processes wait for it.
    public override Task HoldName(Tx tx, string name) => Task.CompletedTask;

    internal override Task LockSchema(Tx tx) => Task.CompletedTask;
}
