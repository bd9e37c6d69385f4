namespace Ciel.Core.Store;

/// <summary>One caller's write, waiting for its turn and then for the commit.</summary>
internal abstract class SqliteJob(CancellationToken cancel)
{
    /// <summary>True when the caller went away before the body began.</summary>
    public bool Abandoned => cancel.IsCancellationRequested;

    /// <summary>What the body failed with, told to its own caller only.</summary>
    public Exception? Failure { get; set; }

    protected CancellationToken Cancellation => cancel;

    /// <summary>Runs the body; leaves its result or throws.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>The batch is durable: tells the caller its result, or its own failure.</summary>
    public abstract void Answer();

    /// <summary>The batch is lost.</summary>
    public abstract void Lose(Exception e);
}

/// <inheritdoc/>
internal sealed class SqliteJob<T>(Func<Tx, Task<T>> body, CancellationToken cancel) : SqliteJob(cancel)
{
    // The writer's thread is never lent to the caller's continuation.
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? session;
    private T result = default!;

    /// <summary>The result, when it is durable.</summary>
    public async Task<T> Result()
    {
        var value = await done.Task;
        foreach (var action in session!.AfterCommits) action();
        return value;
    }

    public override void Run(SqliteSession session)
    {
        this.session = session;
        result = Bodies.Run(() => body(session));
        if (session.Failure is { } swallowed) throw swallowed;
    }

    public override void Answer()
    {
        if (Failure is not null) done.SetException(Failure);
        else if (Abandoned && session is null) done.SetCanceled(Cancellation);
        else done.SetResult(result);
    }

    public override void Lose(Exception e) => done.SetException(e);
}
