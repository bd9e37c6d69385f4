using System.Collections.Concurrent;
using Ciel.Core.Errors;
using Ciel.Core.Http.Egress;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Notifications;
using Ciel.Services.ObjectStorage.Objects;
using Microsoft.Extensions.Logging;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>
/// Carries a bucket's writes to their destinations: those of one key in their order, each until it is there or a day is over. A transfer outlives the turn
/// that began it; one that dies with the program begins anew.
/// </summary>
internal sealed partial class ReplicationKeeper(Replicator replicator, IEnumerable<IVersionWatcher> watchers, TimeProvider time, ILogger<ReplicationKeeper> log) : OneStepKeeper(ReplicationKeeper.KindName, ReplicationKeeper.First)
{
    public const string KindName = "object.replication";
    private const string First = "replicate";
    public const string Pending = "PENDING";
    public const string Completed = "COMPLETED";
    public const string FailedStatus = "FAILED";

    private const int Width = 8;
    private const long Lifetime = 24L * 3600 * 1_000_000;
    private const long LongestPause = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly Deed Failure = new(Deed.ReplicationFailed, "s3.amazonaws.com", "127.0.0.1", "");
    private readonly ConcurrentDictionary<string, Task<string?>> _transfers = new();

    public static string IdOf(string bucketId) => "replication-" + bucketId;

    /// <summary>Begins the keeper of a bucket where it is not begun yet.</summary>
    public static Task Begin(Tx tx, KeeperBook keepers, string bucketId) => keepers.BeginOnce(tx, KindName, IdOf(bucketId), First);

    protected override async Task<Next> Run(Turn turn)
    {
        var id = turn.Id["replication-".Length..];
        var (bucket, due, nextAt) = await turn.Db.Read(async r => (await BucketStore.ById(r, id), await EventStore.Due(r, id, turn.Now, Width), await EventStore.NextAt(r, id)), turn.Cancel);
        if (bucket is null)
        {
            return Next.Gone(tx => EventStore.DeleteAll(tx, id));
        }

        if (due.Count == 0)
        {
            return nextAt is { } at ? Next.Nap(TimeSpan.FromMicroseconds(Math.Max(0, at - turn.Now))) : Next.Rest(First);
        }

        var running = due.Select(row => (Row: row, Task: _transfers.GetOrAdd(row.Id, _ => Transfer(bucket, row, turn.Cancel)))).ToList();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(turn.Cancel);
        await Task.WhenAny(Task.WhenAll(running.Select(r => r.Task)), Task.Delay(Patience, time, enough.Token));
        await enough.CancelAsync();
        var done = running.Where(r => r.Task.IsCompletedSuccessfully).Select(r => (r.Row, Error: r.Task.Result)).ToList();
        running.Where(r => r.Task.IsCompleted).ToList().ForEach(r => _transfers.TryRemove(r.Row.Id, out _));
        return done.Count == 0 ? Next.Nap(TimeSpan.FromSeconds(1)) : Next.Hop(First, tx => Settle(tx, bucket, done));
    }

    private async Task<string?> Transfer(BucketRow bucket, EventRow row, CancellationToken cancel)
    {
        try
        {
            await replicator.Run(bucket, row, cancel);
            return null;
        }
        catch (Exception e) when (e is EgressRefusedException or Fault or StoreBusyException or UniqueViolationException or IOException)
        {
            return e.Message;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // It is given up in the end like any other: its key's later versions wait for it.
            LogUnexpected(log, bucket.Name, row.ObjectKey, e);
            return e.Message;
        }
    }

    private async Task Settle(Tx tx, BucketRow bucket, List<(EventRow Row, string? Error)> done)
    {
        await EventStore.Delete(tx, [.. done.Where(d => d.Error is null).Select(d => d.Row.Id)]);
        foreach (var (row, error) in done)
        {
            var over = error is not null && tx.Now - row.CreatedAt > Lifetime;
            if (error is not null)
            {
                await EventStore.Fail(tx, row.Id, tx.Now + (Math.Min(LongestPause, 1L << (int)Math.Min(row.Attempts, 20)) * 1_000_000), over, error);
            }

            if (error is null || over)
            {
                await Mark(tx, bucket, row, over);
            }
        }
    }

    // All destinations of the version must have it.
    private async Task Mark(Tx tx, BucketRow bucket, EventRow row, bool failed)
    {
        var version = await VersionStore.ForUpdate(tx, bucket.Id, row.ObjectKey, ReplicationTask.Parse(row.Record).VersionId);
        if (version is null or { Marker: true } || (!failed && await EventStore.Waits(tx, bucket.Id, row.ObjectKey, row.Sequence)))
        {
            return;
        }

        var marked = version with { Info = (version.Details with { Replication = failed || version.Details.Replication == FailedStatus ? FailedStatus : Completed }).Text };
        await VersionStore.SetInfo(tx, marked);
        if (failed)
        {
            foreach (var watcher in watchers)
            {
                await watcher.Happened(tx, new Happening(bucket, Failure, Change.Altered, marked));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The object {Key} of the bucket {Bucket} could not be replicated")]
    private static partial void LogUnexpected(ILogger log, string bucket, string key, Exception e);
}
