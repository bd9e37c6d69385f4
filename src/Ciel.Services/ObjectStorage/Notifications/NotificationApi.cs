using System.Text;
using System.Xml.Linq;
using Ciel.Core;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>Which events of a bucket are sent where.</summary>
internal sealed class NotificationApi(BucketBook book, EventOutbox outbox, Ids ids) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetBucketNotificationConfiguration", "GET", Scope.Bucket, Get) { Marker = "notification", Action = "s3:GetBucketNotification" },
        new Operation("PutBucketNotificationConfiguration", "PUT", Scope.Bucket, Put) { Marker = "notification", Action = "s3:PutBucketNotification" },
    ];

    private static Task Get(S3Call call) => call.Bucket[SettingKinds.Notification] is { } text
        ? call.Document(Encoding.UTF8.GetBytes(text))
        : call.Xml("NotificationConfiguration", _ => { });

    private async Task Put(S3Call call)
    {
        var root = await XmlInput.Read(call, "NotificationConfiguration");
        var rules = NotificationRule.Check(root, ids.Hex);
        await book.Change(call, async (tx, bucket) =>
        {
            foreach (var arn in rules.Select(r => r.Topic).Distinct().Order(StringComparer.Ordinal))
            {
                await outbox.Test(tx, bucket, await Topic(tx, bucket, arn), call.RequestId);
            }

            return bucket.With(SettingKinds.Notification, rules.Count == 0 ? null : root.ToString(SaveOptions.DisableFormatting));
        });
        await call.Empty();
    }

    private static async Task<TopicRow> Topic(Tx tx, BucketRow bucket, string arn)
    {
        var topic = NotificationRule.TopicName(arn, bucket.ProjectId) is { } name ? await TopicStore.Find(tx, bucket.ProjectId, name) : null;
        return topic switch
        {
            null => throw Faults.InvalidArgument(arn, "The destination topic does not exist", "Unable to validate the following destination configurations: the bucket's project has no such topic."),
            { Endpoint: null } => throw Faults.InvalidArgument(arn, "The destination topic has no endpoint", "Unable to validate the following destination configurations: set the topic's attribute push-endpoint to the webhook's URL."),
            _ => topic,
        };
    }
}
