using Microsoft.Data.Sqlite;

namespace Ciel.Core.Store;

/// <summary>One connection with its prepared statements, used by one caller at a time.</summary>
internal sealed class SqliteLine : IDisposable
{
    private const int MostStatements = 512;
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = [];

    private SqliteLine(SqliteConnection connection) => this.connection = connection;

    /// <summary>False when SQLite itself has rolled the transaction back, as it may on a full disk or an I/O error.</summary>
    public bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>How many rows this connection has changed since it was opened.</summary>
    public int Changes => SQLitePCL.raw.sqlite3_total_changes(connection.Handle);

    public static SqliteLine Open(string path, SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, ForeignKeys = true };
        var line = new SqliteLine(new SqliteConnection(text.ToString()));
        line.connection.Open();
        line.Do("PRAGMA busy_timeout = 5000");
        line.Do("PRAGMA trusted_schema = OFF");
        return line;
    }

    /// <summary>The statement, prepared once; the one before it has been read to its end.</summary>
    public SqliteCommand Command(SqlText sql)
    {
        if (prepared.TryGetValue(sql.Text, out var known)) return known;
        if (prepared.Count >= MostStatements) Forget();
        var command = connection.CreateCommand();
        command.CommandText = sql.Text;
        command.CommandTimeout = 5;
        foreach (var parameter in sql.Parameters) command.Parameters.Add(new SqliteParameter { ParameterName = "@" + parameter.Name });
        prepared[sql.Text] = command;
        return command;
    }

    /// <summary>Runs a statement without parameters.</summary>
    public void Do(string sql) => Command(new SqlText(sql, [])).ExecuteNonQuery();

    public T Ask<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var reader = Command(new SqlText(sql, [])).ExecuteReader();
        reader.Read();
        return read(reader);
    }

    public void CopyTo(string path)
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        target.Open();
        connection.BackupDatabase(target);
    }

    public void CopyTo(SqliteLine target) => connection.BackupDatabase(target.connection);

    public void Dispose()
    {
        Forget();
        connection.Dispose();
    }

    private void Forget()
    {
        foreach (var command in prepared.Values) command.Dispose();
        prepared.Clear();
    }
}
