using System.Collections;
using System.Data.Common;
using System.Text.Json;

namespace Ciel.Core.Store;

/// <summary>One transaction on SQLite: every task it hands out is already complete.</summary>
internal sealed class SqliteSession(SqliteLine line, long now) : Session(now)
{
    public override Dialect Dialect => SqliteDialect.Instance;

    protected override DbCommand Command(SqlText sql, object? args)
    {
        var command = line.Command(sql);
        for (var i = 0; i < sql.Parameters.Count; i++)
        {
            var value = Args.Get(args, sql.Parameters[i]).Value;
            command.Parameters[i].Value = value is IEnumerable and not (string or byte[])
                ? JsonSerializer.Serialize(value, value.GetType())
                : value ?? DBNull.Value;
        }

        return command;
    }

    protected override ValueTask Release(DbCommand command) => ValueTask.CompletedTask;

    protected override ValueTask<Exception> Translate(Exception e) => ValueTask.FromResult(SqliteErrors.Translate(e));
}
