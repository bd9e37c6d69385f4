using Ciel.Core.Store;

namespace Ciel.Tests.Store;

/// <summary>What a database says of its own schema, one line for each column, index and reference, in the same words for both.</summary>
internal static class Catalog
{
    private const string Sqlite =
        """
        WITH t AS (SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%')
        SELECT t.name || '.' || c.name || ' ' || CASE c.type WHEN 'TEXT' THEN 'text' WHEN 'INT' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE c.type END
            || CASE WHEN c."notnull" OR c.pk > 0 THEN ' not null' ELSE '' END || CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END
            || CASE WHEN t.strict THEN '' ELSE ' not strict' END
        FROM t, pragma_table_info(t.name) c
        UNION ALL
        SELECT t.name || CASE WHEN i."unique" THEN ' unique' ELSE '' END || CASE WHEN i.origin = 'c' THEN ' ' || i.name ELSE '' END || ' ('
            || (SELECT group_concat(name || CASE WHEN "desc" THEN ' desc' ELSE '' END, ', ' ORDER BY seqno) FROM pragma_index_xinfo(i.name) WHERE key) || ')'
            || CASE WHEN i.partial THEN ' where ' || substr(s.sql, instr(replace(s.sql, char(10), ' '), ' WHERE ') + 7) ELSE '' END
        FROM t, pragma_index_list(t.name) i JOIN sqlite_schema s ON s.type = 'index' AND s.name = i.name
        UNION ALL
        SELECT t.name || '.' || f."from" || ' refers to ' || f."table" || '.' || f."to" || ' on delete ' || lower(f.on_delete)
        FROM t, pragma_foreign_key_list(t.name) f
        """;

    private const string Postgres =
        """
        SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
            || CASE WHEN a.attnum = ANY(k.indkey) THEN ' key ' || array_position(k.indkey::int[], a.attnum::int) + 1 ELSE '' END
            || CASE WHEN a.atttypid = 'text'::regtype AND l.collname <> 'C' THEN ' collate ' || l.collname ELSE '' END
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_collation l ON l.oid = a.attcollation LEFT JOIN pg_index k ON k.indrelid = c.oid AND k.indisprimary
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT c.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END || CASE WHEN n.oid IS NULL THEN ' ' || i.relname ELSE '' END || ' ('
            || (SELECT string_agg(a.attname || CASE WHEN x.indoption[p.place - 1] & 1 = 1 THEN ' desc' ELSE '' END, ', ' ORDER BY p.place)
                FROM unnest(x.indkey) WITH ORDINALITY p(number, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.number) || ')'
            || COALESCE(' where ' || pg_get_expr(x.indpred, c.oid), '')
        FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_constraint n ON n.conindid = i.oid AND n.contype IN ('p', 'u')
        WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT n.conrelid::regclass || '.' || a.attname || ' refers to ' || n.confrelid::regclass || '.' || b.attname || ' on delete '
            || CASE n.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'r' THEN 'restrict' ELSE 'no action' END
        FROM pg_constraint n, unnest(n.conkey, n.confkey) k(mine, theirs), pg_attribute a, pg_attribute b
        WHERE n.contype = 'f' AND a.attrelid = n.conrelid AND a.attnum = k.mine AND b.attrelid = n.confrelid AND b.attnum = k.theirs
        """;

    public static async Task<List<string>> Describe(Reader reader)
    {
        var lines = await reader.Query<string>(reader.Dialect.Name == "sqlite" ? Sqlite : Postgres);
        return [.. lines.Select(Plain).Order(StringComparer.Ordinal)];
    }

    // PostgreSQL writes conditions with its own brackets, casts and quotes.
    private static string Plain(string line) => line.Split(" where ") is [var index, var condition]
        ? $"{index} where {string.Concat(condition.Replace("::text", "", StringComparison.Ordinal).Where(c => c is not ('(' or ')' or '"' or ' '))).ToLowerInvariant()}"
        : line;
}
