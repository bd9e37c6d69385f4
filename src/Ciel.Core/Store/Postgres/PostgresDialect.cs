namespace Ciel.Core.Store;

/// <summary>PostgreSQL's words.</summary>
internal sealed class PostgresDialect : Dialect
{
    // Any one number will do, as long as every version of the program uses the same.
    private const long SchemaLock = 0x6369656c;

    public static readonly PostgresDialect Instance = new();

    public override string Name => "postgresql";

    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string ForUpdate => "FOR UPDATE";

    public override string ForKeyShare => "FOR KEY SHARE";

    public override string Ddl(string neutral) => IsTable(neutral)
        ? Types().Replace(neutral, m => m.Value.Equals("text", StringComparison.OrdinalIgnoreCase) ? "text COLLATE \"C\"" : m.Value)
        : neutral;

    public override string Contains(string column, string parameter) => $"strpos({column}, {parameter}) > 0";

    public override string StartsWith(string column, string parameter) => $"starts_with({column}, {parameter})";

    internal override string Placeholder(string name, int position) => $"${position}";

    internal override string AnyOf(string placeholder, bool not) => not ? $"<> ALL({placeholder})" : $"= ANY({placeholder})";

    public override Task HoldName(Tx tx, string name) => tx.Query<string>("SELECT pg_advisory_xact_lock(hashtextextended(@name, 0))::text", new { name });

    internal override Task LockSchema(Tx tx) => tx.Query<string>("SELECT pg_advisory_xact_lock(@Lock)::text", new { Lock = SchemaLock });
}
