using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ciel.Bench.Objects;

/// <summary>Fills a bucket with keys quickly: one object is put through the door, and its row is copied within the store under other keys.</summary>
internal static class Keys
{
    private const int Each = 20_000;

    private const string Copy =
        """
        INSERT INTO object_version (bucket_id, object_key, rank, version_id, latest, marker, size, etag, content, inline, info, acl, tags, legal_hold, owner_id, owner_name, created_at)
        SELECT v.bucket_id, 'dir' || (n.n % 100) || '/key-' || n.n, v.rank, v.version_id, 1, 0, v.size, v.etag, v.content, v.inline, v.info, v.acl, v.tags, 0, v.owner_id, v.owner_name, v.created_at
        FROM object_version v JOIN object_bucket b ON b.id = v.bucket_id, NUMBERS
        WHERE b.name = @bucket AND v.object_key = 'template'
        """;

    public static void Fill(string data, string? postgres, string bucket, int count)
    {
        for (var from = 0; from < count; from += Each)
        {
            var to = Math.Min(count, from + Each) - 1;
            if (postgres is null) Sqlite(data + "/ciel.db", bucket, from, to);
            else Postgres(postgres, bucket, from, to);
        }
    }

    private static void Sqlite(string path, string bucket, int from, int to)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout=60");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "WITH RECURSIVE n (n) AS (SELECT @from UNION ALL SELECT n + 1 FROM n WHERE n < @to) " + Copy.Replace("NUMBERS", "n", StringComparison.Ordinal);
        command.Parameters.AddWithValue("@from", from);
        command.Parameters.AddWithValue("@to", to);
        command.Parameters.AddWithValue("@bucket", bucket);
        command.ExecuteNonQuery();
    }

    private static void Postgres(string text, string bucket, int from, int to)
    {
        using var connection = new NpgsqlConnection(text);
        connection.Open();
        using var command = new NpgsqlCommand(Copy.Replace("NUMBERS", "generate_series(@from, @to) AS n (n)", StringComparison.Ordinal), connection);
        command.Parameters.AddWithValue("from", from);
        command.Parameters.AddWithValue("to", to);
        command.Parameters.AddWithValue("bucket", bucket);
        command.ExecuteNonQuery();
    }
}
