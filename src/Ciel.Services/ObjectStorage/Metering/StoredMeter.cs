using Ciel.Core;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Metering;

/// <summary>Writes on the ledger what a bucket held, to the byte and µs: the transaction that writes spans also notes until when they are written.</summary>
internal static class StoredMeter
{
    /// <summary>Bytes that are stored.</summary>
    public const string Stored = "object.stored";

    /// <summary>Writes what changed since the last time; where nothing did, the open span goes on.</summary>
    public static async Task Write(Tx tx, Ids ids, string bucketId)
    {
        if (await BucketStore.Hold(tx, bucketId) is not { } bucket || await UsageStore.Hold(tx, bucketId) is not [var first, ..] shards)
        {
            return;
        }

        var open = await UsageLedger.Opened(tx, Stored, bucketId);
        var stretch = StoredStretch.Of(open, await Written(tx, bucket, open, shards), shards, tx.Now);
        if ((open?.Quantity ?? 0) == stretch.Bytes && shards.TrueForAll(s => s.MovedAt is null))
        {
            return;
        }

        if (open?.Quantity != stretch.Bytes || stretch.Mean != stretch.Bytes)
        {
            await UsageLedger.Close(tx, Stored, bucketId, stretch.From);
            await Go(tx, ids, bucket, stretch);
        }

        await UsageStore.Settle(tx, bucketId, first.Shard, stretch.Rest);
    }

    /// <summary>Writes the last of a bucket that is locked and about to go.</summary>
    public static async Task End(Tx tx, Ids ids, BucketRow bucket)
    {
        var open = await UsageLedger.Opened(tx, Stored, bucket.Id);
        var shards = await UsageStore.Hold(tx, bucket.Id);
        var stretch = StoredStretch.Of(open, await Written(tx, bucket, open, shards), shards, tx.Now);
        await UsageLedger.Close(tx, Stored, bucket.Id, stretch.From);
        await Record(tx, ids, bucket, stretch);
    }

    // A commit that began before the last look and ended after it changed what is written: its part is added to what is not, so that no spans overlap.
    private static async Task<long> Written(Tx tx, BucketRow bucket, UsageSpan? open, List<UsageShard> shards) =>
        open?.OpenedAt ?? (shards.Min(s => s.MovedAt) is { } first ? await UsageReport.LastEnd(tx, bucket.ProjectId, Stored, bucket.Id, first) : null) ?? 0;

    // One change, and it has held since: then its span began with it. Several: they are one span of their mean.
    private static async Task Go(Tx tx, Ids ids, BucketRow bucket, StoredStretch stretch)
    {
        var single = stretch.Mean == stretch.Bytes;
        if (!single)
        {
            await Record(tx, ids, bucket, stretch);
        }

        if (stretch.Bytes > 0)
        {
            await UsageLedger.Open(tx, ids.Uuid(), Stored, bucket.Id, bucket.ProjectId, stretch.Bytes, "B", at: single ? stretch.From : stretch.To);
        }
    }

    private static async Task Record(Tx tx, Ids ids, BucketRow bucket, StoredStretch stretch)
    {
        if (stretch.Mean > 0)
        {
            await UsageLedger.Record(tx, new UsageSpan
            {
                Id = ids.Uuid(),
                Meter = Stored,
                ResourceId = bucket.Id,
                ProjectId = bucket.ProjectId,
                Quantity = stretch.Mean,
                Unit = "B",
                OpenedAt = stretch.From,
                ClosedAt = stretch.To,
            });
        }
    }
}
