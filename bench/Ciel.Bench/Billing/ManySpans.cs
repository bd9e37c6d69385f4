using Microsoft.Data.Sqlite;

namespace Ciel.Bench.Billing;

/// <summary>
/// A ledger of one month: a thousand spans for each account, of 25 resources of four kinds, written by SQL alone, in order of time as a real one is: one account's
/// spans lie all over the file.
/// </summary>
internal static class ManySpans
{
    public const int Each = 1000;
    private const int TurnsAtOnce = 10;

    /// <summary>When the month begins and ends, µs UTC.</summary>
    public static (long From, long To) Month { get; } = (Micros(2026, 10), Micros(2026, 11));

    public static void Fill(string path, int accounts)
    {
        using var connection = Open(path);
        Do(connection, "PRAGMA synchronous = OFF");
        var indexes = Indexes(connection);
        foreach (var (name, _) in indexes) Do(connection, "DROP INDEX " + name);
        foreach (var sql in (string[])[Accounts, Projects, Keepers]) Do(connection, sql, accounts);
        for (var turn = 0; turn < Each; turn += TurnsAtOnce) Do(connection, Spans, accounts, turn);
        foreach (var (_, sql) in indexes) Do(connection, sql);
        Do(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private const string Numbers = "WITH RECURSIVE account(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM account WHERE n < @accounts - 1)";

    private const string Accounts =
        $$"""
        {{Numbers}} INSERT INTO billing_account (id, name, entity_id, currency, zone, country, details, terms_days, state, state_at, created_at, closed_until)
        SELECT printf('account-%06d', n), printf('Customer %d', n), 'default', 'EUR', 'UTC', '', '{}', 14, 'active', @from, @from, @from FROM account
        """;

    private const string Projects =
        $"{Numbers} INSERT INTO billing_project (project_id, from_at, account_id, payer_id) SELECT printf('%032x', n), @from, printf('account-%06d', n), printf('account-%06d', n) FROM account";

    private const string Keepers =
        $$"""
        {{Numbers}} INSERT INTO keeper (id, kind, step, wake_at, lease_until, lease_no, attempt, deadline_at, frame, frame_version, created_at)
        SELECT printf('billing-account-%06d', n), 'billing.account', 'settle', @to, 0, 0, 0, 9223372036854775807, '{}', 1, @from FROM account
        """;

    // Each resource runs 40 times in the month, for less than an eighteenth of a day each.
    private const string Spans =
        $$"""
        {{Numbers}}, turn(k) AS (SELECT @turn UNION ALL SELECT k + 1 FROM turn WHERE k < @turn + 9)
        INSERT INTO usage_span (id, meter, resource_id, project_id, quantity, unit, attributes, opened_at, closed_at)
        SELECT printf('01990000-0000-7000-8000-%012x', k * @accounts + n), kind.column1, printf('01980000-0000-7000-8000-%08x%04x', n, k % 25), printf('%032x', n),
            kind.column2, kind.column3, kind.column4, @from + (k / 25) * 60000000000 + (n + k) % 1000 * 1000000, @from + (k / 25) * 60000000000 + (n * 7 + k * 13) % 20000 * 1000000 + 2000000000
        FROM turn CROSS JOIN account JOIN (SELECT 0 AS number, * FROM (VALUES ('server.running', 1, 'server', '{"flavor":"m1.small","vcpus":2,"memory_mib":4096}'))
            UNION ALL SELECT 1, * FROM (VALUES ('server.disk', 20, 'GiB', '{"flavor":"m1.small","vcpus":2,"memory_mib":4096}'))
            UNION ALL SELECT 2, * FROM (VALUES ('address.public', 1, 'address', '{}'))
            UNION ALL SELECT 3, * FROM (VALUES ('object.stored', 5000000000, 'B', '{}'))) kind ON kind.number = k % 25 % 4
        """;

    private static void Do(SqliteConnection connection, string sql, int accounts = 0, int turn = 0)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in ((string, long)[])[("@accounts", accounts), ("@turn", turn), ("@from", Month.From), ("@to", Month.To)])
        {
            if (sql.Contains(name, StringComparison.Ordinal)) command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private static List<(string Name, string Sql)> Indexes(SqliteConnection connection)
    {
        using var command = new SqliteCommand("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'usage_span' AND sql IS NOT NULL", connection);
        using var reader = command.ExecuteReader();
        var all = new List<(string, string)>();
        while (reader.Read()) all.Add((reader.GetString(0), reader.GetString(1)));
        return all;
    }

    private static long Micros(int year, int month) => new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000;
}
