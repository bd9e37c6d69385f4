using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Notifications;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>Writes what is to be replicated, in the transaction of what it follows. It waits beside the events, under the bucket's own id.</summary>
internal sealed class ReplicationOutbox(Ids ids, KeeperBook keepers) : IVersionWatcher
{
    public async Task Happened(Tx tx, Happening what)
    {
        if (what.Bucket[SettingKinds.Replication] is not { } text || what.Deed.Replica || Kind(what) is not { } kind)
        {
            return;
        }

        var tags = TagSet.Parse(what.Row.Tags);
        var rules = ReplicationRule.Cached(text).Where(r => r.Covers(what.Row.ObjectKey, tags) && Suits(r, what)).GroupBy(r => r.Arn).Select(g => g.MaxBy(r => r.Priority)!).ToList();
        if (rules.Count == 0)
        {
            return;
        }

        var sequence = await EventStore.Sequence(tx, what.Bucket.Id, what);
        foreach (var rule in rules)
        {
            var record = new ReplicationTask(rule.Id, what.Row.VersionId, kind).Text;
            await EventStore.Insert(tx, new EventRow { Id = ids.Uuid(), TopicId = what.Bucket.Id, BucketId = what.Bucket.Id, ObjectKey = what.Row.ObjectKey, Sequence = sequence, Record = record });
        }

        if (!what.Row.Marker)
        {
            await VersionStore.SetInfo(tx, what.Row with { Info = (what.Row.Details with { Replication = ReplicationKeeper.Pending }).Text });
        }

        await keepers.Wake(tx, ReplicationKeeper.IdOf(what.Bucket.Id));
    }

    private static string? Kind(Happening what) => what.Change switch
    {
        Change.Created when what.Row.Details.Replication != Deed.ReplicaStatus => ReplicationTask.Whole,
        // Markers that rules make, and versions that go, stay this bucket's own affair.
        Change.Marked when what.Deed.Operation != Deed.LifecycleName => ReplicationTask.Marker,
        Change.Altered when what.Row.Details.Replication is not (null or Deed.ReplicaStatus) && what.Deed.Operation is not (Deed.LifecycleName or Deed.ReplicationFailed) =>
            what.Deed.Operation switch
            {
                "PutObjectRetention" => ReplicationTask.Retention,
                "PutObjectLegalHold" => ReplicationTask.LegalHold,
                _ => ReplicationTask.Details,
            },
        _ => null,
    };

    private static bool Suits(ReplicationRule rule, Happening what) => what.Row.Marker ? rule.Markers : what.Row.Details.Encryption?.Kind switch
    {
        // Nobody but the client has that key.
        Encryption.Customer => false,
        Encryption.Kms => rule.Kms,
        _ => true,
    };
}
