using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Ciel.Core.Store;

/// <summary>One transaction on PostgreSQL.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, PostgresErrors errors, long now, CancellationToken cancel) : Session(now)
{
    private static readonly Dictionary<Type, NpgsqlDbType> Types = new()
    {
        [typeof(string)] = NpgsqlDbType.Text,
        [typeof(long)] = NpgsqlDbType.Bigint,
        [typeof(int)] = NpgsqlDbType.Bigint,
        [typeof(bool)] = NpgsqlDbType.Bigint,
        [typeof(double)] = NpgsqlDbType.Double,
        [typeof(byte[])] = NpgsqlDbType.Bytea,
        [typeof(string[])] = NpgsqlDbType.Array | NpgsqlDbType.Text,
        [typeof(long[])] = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
    };

    public override Dialect Dialect => PostgresDialect.Instance;

    protected override CancellationToken Cancel => cancel;

    protected override DbCommand Command(SqlText sql, object? args)
    {
        var command = new NpgsqlCommand(sql.Text, connection);
        foreach (var name in sql.Parameters)
        {
            var (value, type) = Args.Get(args, name);
            var parameter = new NpgsqlParameter { Value = value ?? DBNull.Value };
            if (Types.TryGetValue(value?.GetType() ?? type, out var known)) parameter.NpgsqlDbType = known;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    protected override ValueTask Release(DbCommand command) => command.DisposeAsync();

    protected override ValueTask<Exception> Translate(Exception e) => errors.Translate(e);
}
