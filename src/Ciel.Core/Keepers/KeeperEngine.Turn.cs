using Microsoft.Extensions.Logging;

namespace Ciel.Core.Keepers;

// One turn: run the step, commit what it decided.
public sealed partial class KeeperEngine
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    private async Task TakeTurn(KeeperRow row, long now, CancellationToken cancel)
    {
        var keeper = _keepers[row.Kind];
        var turn = new Turn(row, _db, now, _options.Epoch, cancel);
        try
        {
            var next = await Decide(keeper, turn);
            await Commit(row, next, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The program stops: the lease ends by itself and the step runs again.
        }
        catch (LeaseLostException)
        {
            LogLeaseLost(_log, row.Kind, row.Id, row.Step);
        }
        catch (Exception e)
        {
            await RetryLater(row, e, cancel);
        }
    }

    private static async Task<Next> Decide(Keeper keeper, Turn turn)
    {
        var row = turn.Row;
        if (row.Attempt > 0 && turn.Now >= row.DeadlineAt && !keeper.ForEver(row.Step))
        {
            return await keeper.Failed(turn, row.LastError ?? "It took too long.");
        }

        var next = await keeper.Steps[row.Step](turn);
        if (next is Next.NapFor && turn.Now >= row.DeadlineAt && !keeper.ForEver(row.Step))
        {
            return await keeper.Failed(turn, "It took too long.");
        }

        return next is Next.FailWith failed ? await keeper.Failed(turn, failed.Fault) : next;
    }

    private Task Commit(KeeperRow row, Next next, CancellationToken cancel) => _db.Write(
        async tx =>
        {
            var kept = next switch
            {
                Next.HopTo hop => await KeeperStore.Advance(tx, row, hop.Step, tx.Now, Deadline(tx.Now, hop.Deadline, row.DeadlineAt), next.Frame),
                Next.NapFor nap => await KeeperStore.Advance(tx, row, row.Step, tx.Now + (long)nap.Span.TotalMicroseconds, row.DeadlineAt, next.Frame),
                Next.RestAt rest => await KeeperStore.Advance(tx, row, rest.Step, long.MaxValue, long.MaxValue, next.Frame),
                Next.Over => await KeeperStore.Remove(tx, row),
                _ => throw new InvalidOperationException($"{row.Kind}.Failed decided to fail again at {row.Step}."),
            };
            if (!kept && _options.Guarded)
            {
                throw new LeaseLostException();
            }

            if (next.Write is { } write)
            {
                await write(tx);
            }
        },
        cancel);

    private async Task RetryLater(KeeperRow row, Exception e, CancellationToken cancel)
    {
        LogStepFailed(_log, row.Kind, row.Id, row.Step, row.Attempt + 1, e);
        var most = Math.Min(LongestBackoff.TotalSeconds, 0.1 * Math.Pow(2, Math.Min(row.Attempt, 20)));
        var span = TimeSpan.FromSeconds(most * (0.5 + (0.5 * NextDouble())));
        try
        {
            await _db.Write(tx => KeeperStore.Retry(tx, row, tx.Now + (long)span.TotalMicroseconds, e.Message), cancel);
        }
        catch (Exception again) when (again is not OperationCanceledException)
        {
            LogRetryNotKept(_log, row.Kind, row.Id, again);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The program stops: the lease ends by itself and the step runs again.
        }
    }

    private double NextDouble()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    private static long Deadline(long now, TimeSpan? span, long old) => span is { } s ? now + (long)s.TotalMicroseconds : old;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id}: {Step} failed (attempt {Attempt})")]
    private static partial void LogStepFailed(ILogger log, string kind, string id, string step, long attempt, Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Id}: the lease was lost during {Step}; another controller goes on")]
    private static partial void LogLeaseLost(ILogger log, string kind, string id, string step);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} {Id}: the failure could not be noted; it runs again when its lease ends")]
    private static partial void LogRetryNotKept(ILogger log, string kind, string id, Exception e);
}

/// <summary>Another controller has claimed the keeper since: nothing of this turn may be kept.</summary>
internal sealed class LeaseLostException : Exception;
