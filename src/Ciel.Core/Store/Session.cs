using System.Data.Common;

namespace Ciel.Core.Store;

/// <summary>
/// Statements in one transaction, the same for both databases. A failed statement ends the transaction, as PostgreSQL has it:
/// later statements are refused, and a body that swallowed the failure cannot commit.
/// </summary>
internal abstract class Session(long now) : Tx
{
    private readonly List<Action> afterCommit = [];
    private Exception? failure;
    private bool over;

    public override long Now { get; } = now;

    /// <summary>What an earlier statement died of.</summary>
    public Exception? Failure => failure;

    /// <summary>To run once when the transaction is durable.</summary>
    public IReadOnlyList<Action> AfterCommits => afterCommit;

    public override void AfterCommit(Action action) => afterCommit.Add(action);

    /// <summary>Refuses whatever the body still tries after it has returned.</summary>
    public void End() => over = true;

    public override Task<List<T>> Query<T>(string sql, object? args = null) => Run(sql, args, async command =>
    {
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<T>();
        var read = Rows<T>.Reader(sql, reader);
        while (await reader.ReadAsync(Cancel)) rows.Add(read(reader));
        return rows;
    });

    public override Task Each<T>(string sql, object? args, Action<T> act) => Run(sql, args, async command =>
    {
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var read = Rows<T>.Reader(sql, reader);
        while (await reader.ReadAsync(Cancel)) act(read(reader));
        return true;
    });

    public override Task<T?> First<T>(string sql, object? args = null)
        where T : default => Run(sql, args, async command =>
    {
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        return await reader.ReadAsync(Cancel) ? Rows<T>.Reader(sql, reader)(reader) : default;
    });

    public override Task<T?> Scalar<T>(string sql, object? args = null)
        where T : default => Run(sql, args, async command =>
    {
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        return await reader.ReadAsync(Cancel) && !reader.IsDBNull(0) ? Rows<T>.Reader(sql, reader)(reader) : default;
    });

    public override Task<int> Execute(string sql, object? args = null) => Run(sql, args, command => command.ExecuteNonQueryAsync(Cancel));

    /// <summary>Cancels statements under way, where the driver can.</summary>
    protected virtual CancellationToken Cancel => CancellationToken.None;

    /// <summary>A command ready to run with its values bound.</summary>
    protected abstract DbCommand Command(SqlText sql, object? args);

    /// <summary>The command is done with.</summary>
    protected abstract ValueTask Release(DbCommand command);

    /// <summary>The driver's exception in the store's words, or itself.</summary>
    protected abstract ValueTask<Exception> Translate(Exception e);

    private async Task<TResult> Run<TResult>(string sql, object? args, Func<DbCommand, Task<TResult>> use)
    {
        if (over) throw new InvalidOperationException("the transaction is over: a body awaits nothing but its Tx and keeps nothing of it");
        if (failure is not null) throw new InvalidOperationException($"an earlier statement failed, and with it the transaction: {failure.Message}", failure);
        try
        {
            var command = Command(SqlText.Of(Dialect, sql), args);
            try
            {
                return await use(command);
            }
            finally
            {
                await Release(command);
            }
        }
        catch (Exception e)
        {
            failure = await Translate(e);
            if (failure == e) throw;
            throw failure;
        }
    }
}
