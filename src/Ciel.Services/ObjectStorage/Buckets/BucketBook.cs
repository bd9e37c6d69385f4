using Ciel.Core;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Multipart;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Buckets;

/// <summary>Makes, changes and removes buckets, one transaction each.</summary>
internal sealed class BucketBook(Db db, Ids ids, ObjectBytes bytes)
{
    // Every request reads them.
    private const int LongestSettings = 1024 * 1024;

    /// <summary>Makes a bucket; the same one again is no error for its owner.</summary>
    public async Task Create(S3Call call, BucketRow draft)
    {
        var id = ids.Uuid();
        await db.Write(
            async tx =>
            {
                if (await BucketStore.Find(tx, draft.Name) is { } there)
                {
                    RefuseOther(there, draft);
                    return;
                }

                if (await QuotaBook.Take(tx, draft.ProjectId, ObjectQuota.Buckets, 1, ObjectQuota.MostBuckets) is not null)
                {
                    throw new S3Fault(400, "TooManyBuckets", "You have attempted to create more buckets than allowed");
                }

                await BucketStore.Insert(tx, draft with { Id = id, CreatedAt = tx.Now });
            },
            call.Cancel);
    }

    /// <summary>Changes a bucket's row as it is now.</summary>
    public Task Change(S3Call call, Func<BucketRow, BucketRow> change) => Change(call, (_, row) => Task.FromResult(change(row)));

    public Task Change(S3Call call, Func<Tx, BucketRow, Task<BucketRow>> change) => db.Write(
        async tx =>
        {
            var row = await BucketStore.ForUpdate(tx, call.Bucket.Id) ?? throw Faults.NoSuchBucket(call.Bucket.Name);
            var changed = await change(tx, row);
            if (changed.Settings.Length > LongestSettings && changed.Settings.Length > row.Settings.Length)
            {
                throw Faults.InvalidRequest($"The configurations of a bucket may be {LongestSettings} characters together.");
            }

            await BucketStore.Update(tx, changed);
        },
        call.Cancel);

    /// <summary>Removes an empty bucket; unfinished uploads go with it.</summary>
    public Task Delete(S3Call call) => db.Write(
        async tx =>
        {
            var row = await BucketStore.ForUpdate(tx, call.Bucket.Id) ?? throw Faults.NoSuchBucket(call.Bucket.Name);
            if (!await BucketStore.IsEmpty(tx, row.Id))
            {
                throw new S3Fault(409, "BucketNotEmpty", "The bucket you tried to delete is not empty") { Extra = [("BucketName", row.Name)] };
            }

            var (freed, held) = await UploadStore.DeleteAll(tx, row.Id);
            await StoredMeter.End(tx, ids, row);
            await BucketStore.Delete(tx, row.Id);
            await ObjectQuota.ChangeProject(tx, row.ProjectId, 0, -held);
            await QuotaBook.Return(tx, row.ProjectId, ObjectQuota.Buckets, 1);
            tx.AfterCommit(() => bytes.Drop(freed));
        },
        call.Cancel);

    private static void RefuseOther(BucketRow there, BucketRow draft)
    {
        if (there.ProjectId != draft.ProjectId || there.Acl.Text != draft.Acl.Text || there.Locking != draft.Locking)
        {
            throw new S3Fault(409, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.")
            {
                Extra = [("BucketName", there.Name)],
            };
        }
    }
}
