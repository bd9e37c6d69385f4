using Ciel.Core;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Multipart;

/// <summary>Writes uploads and parts, one transaction each.</summary>
internal sealed class UploadBook(Db db, Ids ids, ObjectBytes bytes)
{
    public async Task<UploadRow> Begin(S3Call call, UploadRow draft)
    {
        var id = ids.Hex();
        return await db.Write(
            async tx =>
            {
                _ = await BucketStore.Hold(tx, call.Bucket.Id) ?? throw Faults.NoSuchBucket(call.Bucket.Name);
                var row = draft with { Id = id, CreatedAt = tx.Now };
                await UploadStore.Insert(tx, row);
                return row;
            },
            call.Cancel);
    }

    public async Task<UploadRow> Find(S3Call call)
    {
        var id = call.Query("uploadId") ?? "";
        return await db.Read(r => UploadStore.Find(r, call.Bucket.Id, call.Key, id), call.Cancel) ?? throw Faults.NoSuchUpload(id);
    }

    /// <summary>Keeps a part; one of the same number before is replaced and its bytes go.</summary>
    public async Task<PartRow> Put(S3Call call, PartRow draft)
    {
        try
        {
            return await db.Write(
                async tx =>
                {
                    var bucket = await BucketStore.Hold(tx, call.Bucket.Id) ?? throw Faults.NoSuchBucket(call.Bucket.Name);
                    _ = await UploadStore.ForUpdate(tx, call.Bucket.Id, call.Key, draft.UploadId) ?? throw Faults.NoSuchUpload(draft.UploadId);
                    var old = await UploadStore.Part(tx, draft.UploadId, draft.Number);
                    string[] freed = [.. old?.Blobs ?? []];
                    var row = draft with { CreatedAt = tx.Now };
                    await VersionStore.RemoveBlobs(tx, freed);
                    await UploadStore.PutPart(tx, row);
                    await VersionStore.AddBlobs(tx, call.Bucket.Id, row.Blobs);
                    await ObjectQuota.Change(tx, bucket, call.Key, 0, row.Size - (old?.Size ?? 0));
                    tx.AfterCommit(() => bytes.Drop(freed));
                    return row;
                },
                call.Cancel);
        }
        catch (S3Fault)
        {
            bytes.Drop(draft.Blobs);
            throw;
        }
    }

    public Task Abort(S3Call call, string id) => db.Write(
        async tx =>
        {
            var bucket = await BucketStore.Hold(tx, call.Bucket.Id) ?? throw Faults.NoSuchBucket(call.Bucket.Name);
            _ = await UploadStore.ForUpdate(tx, call.Bucket.Id, call.Key, id) ?? throw Faults.NoSuchUpload(id);
            await Abort(tx, bucket, call.Key, id);
        },
        call.Cancel);

    /// <summary>Removes an upload that is locked, and its bytes once that is durable.</summary>
    public async Task Abort(Tx tx, BucketRow bucket, string key, string id)
    {
        var (freed, held) = await UploadStore.Abort(tx, id);
        await ObjectQuota.Change(tx, bucket, key, 0, -held);
        tx.AfterCommit(() => bytes.Drop(freed));
    }
}
