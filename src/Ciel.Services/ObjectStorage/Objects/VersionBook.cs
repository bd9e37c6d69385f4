using Ciel.Core;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Writes and removes versions: one transaction each, with what the bucket holds and the blobs that are freed.</summary>
internal sealed class VersionBook(Db db, Ids ids, ObjectBytes bytes, IEnumerable<IVersionWatcher> watchers)
{
    private const int Tries = 20;
    private readonly IVersionWatcher[] _watchers = [.. watchers];

    /// <summary>Makes a version the latest of its key.</summary>
    /// <param name="call">The request; its bucket is held.</param>
    /// <param name="draft">The version; its id, rank and instant are given here.</param>
    /// <param name="when">Decides by what is there now; throws to refuse.</param>
    public Task<VersionRow> Put(S3Call call, VersionRow draft, Action<VersionRow?> when) => Put(call, draft, when, async (tx, bucket, row) =>
    {
        await VersionStore.AddBlobs(tx, bucket.Id, row.Bytes.Blobs);
        return 0;
    });

    /// <summary>As <see cref="Put(S3Call, VersionRow, Action{VersionRow?})"/>, of blobs that are known already.</summary>
    /// <param name="call">The request.</param>
    /// <param name="draft">The version.</param>
    /// <param name="when">Decides by what is there now; throws to refuse.</param>
    /// <param name="take">Takes the blobs from their upload; answers how many bytes that held.</param>
    public Task<VersionRow> Join(S3Call call, VersionRow draft, Action<VersionRow?> when, Func<Tx, Task<long>> take) => Put(call, draft, when, (tx, _, _) => take(tx));

    /// <summary>Makes a version that no request asked for: a log, a replica.</summary>
    /// <param name="deed">Who makes it.</param>
    /// <param name="of">The bucket.</param>
    /// <param name="draft">The version; an id that it bears stays where versions are kept.</param>
    /// <param name="also">What commits with it; false to leave everything as it is.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<VersionRow?> Place(Deed deed, BucketRow of, VersionRow draft, Func<Tx, Task<bool>> also, CancellationToken cancel)
    {
        var fresh = draft.VersionId.Length > 0 ? draft.VersionId : ids.Hex();
        return Retried<VersionRow?>(async tx =>
        {
            var bucket = await Hold(tx, of, draft.ObjectKey);
            if (!await also(tx))
            {
                return null;
            }

            var current = await VersionStore.ForUpdate(tx, bucket.Id, draft.ObjectKey, null);
            var row = await Placed(tx, bucket, draft, fresh);
            await VersionStore.AddBlobs(tx, bucket.Id, row.Bytes.Blobs);
            await Make(tx, bucket, row, current, 0);
            await Tell(tx, new Happening(bucket, deed, row.Marker ? Objects.Change.Marked : Objects.Change.Created, row));
            return row;
        }, cancel);
    }

    private async Task<VersionRow> Put(S3Call call, VersionRow draft, Action<VersionRow?> when, Func<Tx, BucketRow, VersionRow, Task<long>> blobs)
    {
        var fresh = ids.Hex();
        return await Retried(async tx =>
        {
            var bucket = await Hold(tx, call.Bucket, draft.ObjectKey);
            var current = await VersionStore.ForUpdate(tx, bucket.Id, draft.ObjectKey, null);
            when(current);
            var row = await Placed(tx, bucket, draft, fresh);
            var held = await blobs(tx, bucket, row);
            await Make(tx, bucket, row, current, held);
            await Tell(tx, new Happening(bucket, Deed.Of(call), Objects.Change.Created, row));
            return row;
        }, call.Cancel);
    }

    /// <summary>Removes an object as S3 does: a version for good, or by a delete marker where versions are kept.</summary>
    /// <param name="deed">Who does it.</param>
    /// <param name="of">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="versionId">The version; null for the latest.</param>
    /// <param name="when">Decides by what is there now: throws to refuse, false to leave everything as it is.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Removed> Delete(Deed deed, BucketRow of, string key, string? versionId, Func<BucketRow, VersionRow?, bool> when, CancellationToken cancel)
    {
        var fresh = ids.Hex();
        return await Retried(async tx =>
        {
            var bucket = await Hold(tx, of, key);
            var found = await VersionStore.ForUpdate(tx, bucket.Id, key, versionId);
            if (!when(bucket, found))
            {
                return new Removed(versionId, false);
            }

            if (versionId is not null || !bucket.EverVersioned)
            {
                if (found is not null)
                {
                    await Tell(tx, new Happening(bucket, deed, Objects.Change.Removed, found));
                }

                return await Remove(tx, bucket, found) ?? new Removed(versionId, false);
            }

            var marker = new VersionRow { BucketId = bucket.Id, ObjectKey = key, VersionId = "", Marker = true, OwnerId = bucket.ProjectId, OwnerName = bucket.OwnerName };
            var row = await Placed(tx, bucket, marker, fresh);
            await Make(tx, bucket, row, found, 0);
            await Tell(tx, new Happening(bucket, deed, Objects.Change.Marked, row));
            return new Removed(row.VersionId, true);
        }, cancel);
    }

    /// <summary>Changes the list, tags or lock of the version that the request names.</summary>
    public Task<VersionRow> Change(S3Call call, Func<VersionRow, VersionRow> change) => Retried(async tx =>
    {
        var (key, versionId) = (call.Key, call.Query("versionId"));
        var bucket = await Hold(tx, call.Bucket, key);
        var changed = change(ObjectLookup.Found(await VersionStore.ForUpdate(tx, bucket.Id, key, versionId), key, versionId));
        await VersionStore.Update(tx, changed);
        await Tell(tx, new Happening(bucket, Deed.Of(call), Objects.Change.Altered, changed));
        return changed;
    }, call.Cancel);

    /// <summary>Changes what the latest version bears beside its bytes.</summary>
    public Task<VersionRow> Describe(S3Call call, string key, Func<VersionRow, ObjectInfo> change) => Retried(async tx =>
    {
        var bucket = await Hold(tx, call.Bucket, key);
        var row = ObjectLookup.Found(await VersionStore.ForUpdate(tx, bucket.Id, key, null), key, null);
        var changed = row with { Info = change(row).Text };
        await VersionStore.SetInfo(tx, changed);
        await Tell(tx, new Happening(bucket, Deed.Of(call), Objects.Change.Altered, changed));
        return changed;
    }, call.Cancel);

    /// <summary>Changes a version as no request asked for; one that is gone needs no change.</summary>
    /// <param name="deed">Who does it.</param>
    /// <param name="of">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="versionId">The version.</param>
    /// <param name="change">Sees what is there now and the instant, µs UTC.</param>
    /// <param name="cancel">Gives up.</param>
    public Task Alter(Deed deed, BucketRow of, string key, string versionId, Func<VersionRow, long, VersionRow> change, CancellationToken cancel) => Retried(async tx =>
    {
        var bucket = await Hold(tx, of, key);
        if (await VersionStore.ForUpdate(tx, bucket.Id, key, versionId) is { } row)
        {
            var changed = change(row, tx.Now);
            await VersionStore.Update(tx, changed);
            await Tell(tx, new Happening(bucket, deed, Objects.Change.Altered, changed));
        }

        return true;
    }, cancel);

    /// <summary>Gives a version another storage class, if it is still there.</summary>
    public Task Reclass(BucketRow of, VersionRow seen, string storageClass, CancellationToken cancel) => Retried(async tx =>
    {
        var bucket = await Hold(tx, of, seen.ObjectKey);
        if (await VersionStore.ForUpdate(tx, bucket.Id, seen.ObjectKey, seen.VersionId) is { } row && row.Rank == seen.Rank)
        {
            var changed = row with { Info = (row.Details with { StorageClass = storageClass }).Text };
            await VersionStore.SetInfo(tx, changed);
            await Tell(tx, new Happening(bucket, Deed.Lifecycle, Objects.Change.Altered, changed));
        }

        return true;
    }, cancel);

    /// <summary>Removes a version within a transaction; null where there is none.</summary>
    public async Task<Removed?> Remove(Tx tx, BucketRow bucket, VersionRow? row)
    {
        if (row is null)
        {
            return null;
        }

        await Discard(tx, row);
        await ObjectQuota.Change(tx, bucket, row.ObjectKey, -row.Count, -row.Size);
        if (row.Latest && await VersionStore.NewestRank(tx, row.BucketId, row.ObjectKey) is { } next)
        {
            await VersionStore.Promote(tx, bucket.Id, row.ObjectKey, next);
        }

        return new Removed(row.VersionId, row.Marker);
    }

    private static async Task<VersionRow> Placed(Tx tx, BucketRow bucket, VersionRow draft, string fresh)
    {
        var newest = await VersionStore.NewestRank(tx, bucket.Id, draft.ObjectKey);
        var rank = Math.Min(-tx.Now, (newest ?? 0) - 1);
        return draft with { VersionId = bucket.Versioned ? fresh : VersionRow.Null, Rank = rank, Latest = true, CreatedAt = tx.Now };
    }

    private async Task Make(Tx tx, BucketRow bucket, VersionRow row, VersionRow? current, long held)
    {
        var (objects, size) = (row.Count, row.Size - held);
        if (!bucket.Versioned && await VersionStore.ForUpdate(tx, bucket.Id, row.ObjectKey, VersionRow.Null) is { } old)
        {
            await Discard(tx, old);
            (objects, size) = (objects - old.Count, size - old.Size);
        }

        if (current is not null)
        {
            await VersionStore.Unlatest(tx, bucket.Id, row.ObjectKey);
        }

        await VersionStore.Insert(tx, row);
        await ObjectQuota.Change(tx, bucket, row.ObjectKey, objects, size);
    }

    /// <summary>Removes a version's row and, once that is durable, its bytes. The caller counts it, and makes another the latest, if any.</summary>
    public async Task Discard(Tx tx, VersionRow row)
    {
        string[] freed = [.. row.Bytes.Blobs];
        await VersionStore.Delete(tx, row);
        await VersionStore.RemoveBlobs(tx, freed);
        tx.AfterCommit(() => bytes.Drop(freed));
    }

    private async Task Tell(Tx tx, Happening what)
    {
        foreach (var watcher in _watchers)
        {
            await watcher.Happened(tx, what);
        }
    }

    // Writers of one key come one after the other: a condition on a key that is free has no row that could be locked.
    private static async Task<BucketRow> Hold(Tx tx, BucketRow bucket, string key)
    {
        var held = await BucketStore.Hold(tx, bucket.Id) ?? throw Faults.NoSuchBucket(bucket.Name);
        await tx.Dialect.HoldName(tx, $"{held.Id}/{key}");
        return held;
    }

    // Two writers may both have seen no latest version: the index lets one in, the other looks again.
    private async Task<T> Retried<T>(Func<Tx, Task<T>> body, CancellationToken cancel)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                return await db.Write(body, cancel);
            }
            catch (UniqueViolationException) when (left > 0)
            {
                continue;
            }
        }
    }
}

/// <summary>What a delete did.</summary>
/// <param name="VersionId">The version that went or the marker that came; null where nothing was there.</param>
/// <param name="Marker">Whether it is a delete marker.</param>
internal sealed record Removed(string? VersionId, bool Marker);
