using Ciel.Core.Store;

namespace Ciel.Tests.Attack;

/// <summary>The whole store as text, row by row: what changed is what differs.</summary>
internal static class WholeStore
{
    // What moves by itself: the engine's, the nodes' and the keys' own rows, and the notes of what was asked.
    private static readonly string[] Restless = ["keeper", "audit_event", "node_", "trust_", "schema_version", "store_meta", "identity_revocation", "compute_action"];

    /// <summary>Every row that names one of the words, sorted.</summary>
    public static Task<List<string>> RowsThatName(Db db, IReadOnlyCollection<string> words) => db.Read(async reader =>
    {
        var rows = new List<string>();
        foreach (var table in (await Tables(reader)).Where(t => !Restless.Any(r => t.StartsWith(r, StringComparison.Ordinal))))
        {
            var columns = await Columns(reader, table);
            var line = string.Join(" || '|' || ", columns.Select(c => $"'{c}=' || COALESCE(CAST({c} AS text), 'null')"));
            rows.AddRange((await reader.Query<string>($"SELECT {line} FROM {table}")).Where(r => words.Any(r.Contains)).Select(r => table + ": " + r));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    });

    private static Task<List<string>> Tables(Reader reader) => reader.Query<string>(reader.Dialect.Name == "sqlite"
        ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        : "SELECT CAST(table_name AS text) FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name");

    private static Task<List<string>> Columns(Reader reader, string table) => reader.Query<string>(
        reader.Dialect.Name == "sqlite"
            ? "SELECT name FROM pragma_table_info(@table) ORDER BY cid"
            : "SELECT CAST(column_name AS text) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = @table ORDER BY ordinal_position",
        new { table });
}
