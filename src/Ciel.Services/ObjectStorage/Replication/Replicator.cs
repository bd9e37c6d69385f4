using Ciel.Core.Http.Egress;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Locking;
using Ciel.Services.ObjectStorage.Notifications;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>Carries one version, marker or change to its destination. Doing it twice does no harm.</summary>
internal sealed class Replicator(Db db, VersionBook book, OwnWriter writer, ObjectBytes bytes, Encryptions encryptions, RemoteBuckets remotes, TimeProvider time)
{
    private static readonly Deed Deed = new("PutObject", "s3.amazonaws.com", "127.0.0.1", "") { Replica = true };

    /// <summary>Carries it out; what is no longer there needs nothing.</summary>
    /// <exception cref="EgressRefusedException">It could not be; the sentence says why.</exception>
    public async Task Run(BucketRow source, EventRow queued, CancellationToken cancel)
    {
        var task = ReplicationTask.Parse(queued.Record);
        var rule = source[SettingKinds.Replication] is { } text ? ReplicationRule.Cached(text).FirstOrDefault(r => r.Id == task.Rule) : null;
        var row = await db.Read(r => VersionStore.Find(r, source.Id, queued.ObjectKey, task.VersionId), cancel);
        if (rule is null || row is null)
        {
            return;
        }

        try
        {
            await (rule.To.Target is { } target ? Remote(source, rule, target, row, task.Kind, cancel) : Own(source, rule, row, task.Kind, cancel));
        }
        catch (S3Fault fault)
        {
            throw new EgressRefusedException($"{fault.Code}: {fault.Message}", fault);
        }
    }

    private async Task Remote(BucketRow source, ReplicationRule rule, string target, VersionRow row, string kind, CancellationToken cancel)
    {
        var remote = await remotes.Open(source.ProjectId, target, rule.To.Bucket, cancel) ?? throw new EgressRefusedException($"There is no replication target {target} any more.");
        switch (kind)
        {
            case ReplicationTask.Marker:
                await remote.Delete(row.ObjectKey, cancel);
                break;
            // What was written since brings its own.
            case ReplicationTask.Details when row.Latest:
                await remote.Tag(row, cancel);
                break;
            case ReplicationTask.Whole:
                var key = await encryptions.ForOwnRead(row.Details.Encryption, cancel);
                await remote.Put(row, rule.StorageClass, (offset, count) => bytes.Open(row.Bytes, key, offset, count), cancel);
                break;
        }
    }

    private async Task Own(BucketRow source, ReplicationRule rule, VersionRow row, string kind, CancellationToken cancel)
    {
        var bucket = await db.Read(r => BucketStore.Find(r, rule.To.Bucket), cancel);
        if (bucket is not { Versioned: true } || bucket.ProjectId != source.ProjectId)
        {
            throw new EgressRefusedException("The destination bucket is gone, is another project's, or keeps no versions.");
        }

        if (kind is not (ReplicationTask.Whole or ReplicationTask.Marker))
        {
            var original = Copy(bucket, rule, row);
            await book.Alter(Deed, bucket, row.ObjectKey, row.VersionId, (replica, now) => Altered(replica, original, kind, now), cancel);
            return;
        }

        // The version's own id shows whether it is there already.
        Func<Tx, Task<bool>> absent = async tx => await VersionStore.Find(tx, bucket.Id, row.ObjectKey, row.VersionId) is null;
        if (row.Marker)
        {
            await book.Place(Deed, bucket, Copy(bucket, rule, row), absent, cancel);
            return;
        }

        var key = await encryptions.ForOwnRead(row.Details.Encryption, cancel);
        await using var stream = bytes.Open(row.Bytes, key, 0, row.Size);
        await writer.Write(Deed, bucket, Kept(bucket, Copy(bucket, rule, row)), stream, absent, cancel);
    }

    // A replica whose original nothing keeps is kept as anything new in its bucket is.
    private VersionRow Kept(BucketRow bucket, VersionRow replica)
    {
        var usual = Retention.Default(bucket, Instants.Micros(time.GetUtcNow()));
        return replica.RetainMode is null ? replica with { RetainMode = usual.Mode, RetainUntil = usual.Until } : replica;
    }

    // Only what was changed is carried, or a tag would take away a lock that the replica has by itself; and what binds it is never shortened from here.
    private static VersionRow Altered(VersionRow replica, VersionRow original, string kind, long now) => kind switch
    {
        ReplicationTask.LegalHold => replica with { LegalHold = original.LegalHold },
        ReplicationTask.Retention => Retention.Binds(replica, original.RetainMode, original.RetainUntil, now, bypass: false)
            ? replica
            : replica with { RetainMode = original.RetainMode, RetainUntil = original.RetainUntil },
        _ => replica with { Acl = original.Acl, Tags = original.Tags },
    };

    private static VersionRow Copy(BucketRow bucket, ReplicationRule rule, VersionRow row) => new()
    {
        BucketId = bucket.Id,
        ObjectKey = row.ObjectKey,
        VersionId = row.VersionId,
        Marker = row.Marker,
        Etag = row.Etag,
        Info = (row.Details with { Replication = Deed.ReplicaStatus, Encryption = null, UploadId = null, StorageClass = rule.StorageClass ?? row.Details.StorageClass }).Text,
        Acl = bucket.AclsDisabled || rule.OwnerOverride ? Acl.Private(bucket.ProjectId, bucket.OwnerName).Text : row.Acl,
        Tags = row.Tags,
        RetainMode = bucket.Locking ? row.RetainMode : null,
        RetainUntil = bucket.Locking ? row.RetainUntil : null,
        LegalHold = bucket.Locking && row.LegalHold,
        OwnerId = bucket.ProjectId,
        OwnerName = bucket.OwnerName,
    };
}
