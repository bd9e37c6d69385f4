using System.Globalization;
using Ciel.Live.FirstLight;
using Microsoft.Data.Sqlite;

namespace Ciel.Live.Billing;

/// <summary>Customers whose last two months are not invoiced yet, written into the store of a program that is dead: it meets them all at once when it begins again.</summary>
internal sealed class MonthEnds(LiveCloud cloud)
{
    private readonly List<(string Account, int Hours)> _all = [];

    /// <summary>What each must be invoiced for, at half a euro an hour: so many hours in the one month, and one more in the next.</summary>
    public IReadOnlyList<(string Account, int Hours)> All => _all;

    public void Add(int many)
    {
        var now = DateTimeOffset.UtcNow;
        var first = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        using var connection = Open();
        using var all = connection.BeginTransaction();
        for (var i = 0; i < many; i++)
        {
            var (account, hours) = ($"old-{_all.Count:0000}", 1 + (_all.Count % 300));
            _all.Add((account, hours));
            Write(connection, account, hours, Micros(first.AddMonths(-2)), Micros(first.AddMonths(-1)));
        }

        all.Commit();
    }

    /// <summary>How many of them lack an invoice.</summary>
    public long Pending()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM billing_account WHERE id LIKE 'old-%' AND (SELECT COUNT(*) FROM billing_invoice i WHERE i.account_id = billing_account.id) < 2";
        return (long)command.ExecuteScalar()!;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(cloud.Data, "ciel.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Write(SqliteConnection connection, string account, int hours, long before, long last)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO billing_account (id, name, entity_id, currency, zone, country, details, terms_days, state, state_at, created_at, closed_until)
            VALUES ($id, $id, 'default', 'EUR', 'UTC', 'DE', '{}', 14, 'active', $before, $before, $before);
            INSERT INTO billing_project (project_id, from_at, account_id, payer_id) VALUES ($id, $before, $id, $id);
            INSERT INTO keeper (id, kind, step, wake_at, lease_until, lease_no, attempt, deadline_at, frame, frame_version, created_at)
            VALUES ('billing-' || $id, 'billing.account', 'settle', 0, 0, 0, 0, 9223372036854775807, '{}', 1, $before);
            INSERT INTO usage_span (id, meter, resource_id, project_id, quantity, unit, attributes, opened_at, closed_at) VALUES
                ('a' || $id, 'test.running', 'vm', $id, 1, 'server', '{}', $before, $before + $hours * 3600000000),
                ('b' || $id, 'test.running', 'vm', $id, 1, 'server', '{}', $last, $last + ($hours + 1) * 3600000000);
            """;
        foreach (var (name, value) in ((string, object)[])[("$id", account), ("$hours", hours), ("$before", before), ("$last", last)])
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private static long Micros(DateTimeOffset at) => at.ToUnixTimeMilliseconds() * 1000;

    /// <summary>Such as <c>12.35</c>: the hours' price with 19 % tax.</summary>
    public static string Total(int hours) => decimal.Round((hours * 0.5m) + decimal.Round(hours * 0.5m * 0.19m, 2, MidpointRounding.AwayFromZero), 2).ToString("0.00", CultureInfo.InvariantCulture);
}
