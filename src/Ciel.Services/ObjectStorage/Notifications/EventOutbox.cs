using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>Writes the events that a bucket's configuration wants, in the transaction of what they tell of: neither is there without the other.</summary>
internal sealed class EventOutbox(Ids ids, KeeperBook keepers) : IVersionWatcher
{
    public async Task Happened(Tx tx, Happening what)
    {
        if (what.Bucket[SettingKinds.Notification] is not { } text || EventNames.Of(what) is not { } name)
        {
            return;
        }

        // Topics in the order of their names, so that two writers never wait for each other.
        foreach (var rule in NotificationRule.Cached(text).Where(r => r.Covers(name, what.Row.ObjectKey)).OrderBy(r => r.Topic, StringComparer.Ordinal))
        {
            if (NotificationRule.TopicName(rule.Topic, what.Bucket.ProjectId) is not { } topicName
                || await TopicStore.Find(tx, what.Bucket.ProjectId, topicName) is not { Endpoint: not null } topic)
            {
                // The topic was deleted since; S3, too, then sends to nobody.
                continue;
            }

            var sequence = await EventStore.Sequence(tx, topic.Id, what);
            await Add(tx, topic, what.Bucket.Id, what.Row.ObjectKey, sequence, EventRecord.Write(what, name, rule, topic, sequence, tx.Now));
        }
    }

    /// <summary>Tells a topic that a bucket now sends to it.</summary>
    public Task Test(Tx tx, BucketRow bucket, TopicRow topic, string requestId) => Add(tx, topic, bucket.Id, "", tx.Now, EventRecord.Test(bucket, requestId, tx.Now));

    private async Task Add(Tx tx, TopicRow topic, string bucketId, string key, long sequence, string record)
    {
        await EventStore.Insert(tx, new EventRow { Id = ids.Uuid(), TopicId = topic.Id, BucketId = bucketId, ObjectKey = key, Sequence = sequence, Record = record });
        await keepers.Wake(tx, topic.Id);
    }
}
