using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>The names of events (Amazon S3 User Guide, "Supported event types for SQS, SNS, and Lambda").</summary>
internal static class EventNames
{
    /// <summary>What a configuration may name.</summary>
    public static readonly IReadOnlySet<string> Known = new HashSet<string>
    {
        "s3:ObjectCreated:*", "s3:ObjectCreated:Put", "s3:ObjectCreated:Post", "s3:ObjectCreated:Copy", "s3:ObjectCreated:CompleteMultipartUpload",
        "s3:ObjectRemoved:*", "s3:ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated",
        "s3:LifecycleExpiration:*", "s3:LifecycleExpiration:Delete", "s3:LifecycleExpiration:DeleteMarkerCreated", "s3:LifecycleTransition",
        "s3:ObjectTagging:*", "s3:ObjectTagging:Put", "s3:ObjectTagging:Delete", "s3:ObjectAcl:Put",
        "s3:ObjectRestore:*", "s3:ObjectRestore:Post", "s3:ObjectRestore:Completed", "s3:ObjectRestore:Delete", "s3:ReducedRedundancyLostObject", "s3:IntelligentTiering",
        "s3:Replication:*", "s3:Replication:OperationFailedReplication", "s3:Replication:OperationNotTracked", "s3:Replication:OperationMissedThreshold", "s3:Replication:OperationReplicatedAfterThreshold",
    };

    /// <summary>What a happening is called; null where S3 says nothing of it.</summary>
    public static string? Of(Happening what) => (what.Deed.Operation, what.Change) switch
    {
        ("PutObject", Change.Created) => "ObjectCreated:Put",
        ("PostObject", Change.Created) => "ObjectCreated:Post",
        ("CopyObject", Change.Created) => "ObjectCreated:Copy",
        ("CompleteMultipartUpload", Change.Created) => "ObjectCreated:CompleteMultipartUpload",
        (Deed.ReplicationFailed, _) => "Replication:OperationFailedReplication",
        (Deed.LifecycleName, Change.Removed) => "LifecycleExpiration:Delete",
        (Deed.LifecycleName, Change.Marked) => "LifecycleExpiration:DeleteMarkerCreated",
        (Deed.LifecycleName, Change.Altered) => "LifecycleTransition",
        (_, Change.Created) => "ObjectCreated:Put",
        (_, Change.Removed) => "ObjectRemoved:Delete",
        (_, Change.Marked) => "ObjectRemoved:DeleteMarkerCreated",
        ("PutObjectTagging", _) => "ObjectTagging:Put",
        ("DeleteObjectTagging", _) => "ObjectTagging:Delete",
        ("PutObjectAcl", _) => "ObjectAcl:Put",
        _ => null,
    };

    /// <summary>The form of the record that tells of it.</summary>
    public static string Version(string name) => name.StartsWith("ObjectCreated", StringComparison.Ordinal) || name.StartsWith("ObjectRemoved", StringComparison.Ordinal) ? "2.1"
        : name.StartsWith("Replication", StringComparison.Ordinal) ? "2.2" : "2.3";

    /// <summary>Whether a configuration's name means the event.</summary>
    public static bool Covers(string configured, string name) =>
        configured.EndsWith('*') ? name.AsSpan().StartsWith(configured.AsSpan(3, configured.Length - 4)) : configured.AsSpan(3).SequenceEqual(name);
}
