using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Who did something to a version, by which operation.</summary>
/// <param name="Operation">As in the API reference; <see cref="Lifecycle"/> for the cloud's own.</param>
/// <param name="UserId">Null for nobody known.</param>
/// <param name="Address">Where the request came from.</param>
/// <param name="RequestId">The request's id.</param>
internal sealed record Deed(string Operation, string? UserId, string Address, string RequestId)
{
    public const string LifecycleName = "Lifecycle";
    public const string ReplicationHeader = "x-amz-replication-status";

    /// <summary>What a replica is told to be, and what comes in with this word is one (as MinIO has it).</summary>
    public const string ReplicaStatus = "REPLICA";

    /// <summary>The operation's name where a replica could not be made.</summary>
    public const string ReplicationFailed = "ReplicationFailed";

    /// <summary>By a rule of the bucket.</summary>
    public static readonly Deed Lifecycle = new(LifecycleName, "s3.amazonaws.com", "127.0.0.1", "");

    /// <summary>Whether it brings what was done elsewhere, so that it is not carried on from here.</summary>
    public bool Replica { get; init; }

    public static Deed Of(S3Call call) =>
        new(call.Operation?.Name ?? "", call.Caller.UserId, call.Http.Connection.RemoteIpAddress?.ToString() ?? "", call.RequestId) { Replica = IsReplica(call) };

    /// <summary>Whether a request says that it replicates, and may.</summary>
    public static bool IsReplica(S3Call call) => call.Header(ReplicationHeader) == ReplicaStatus && call.HasBucket && Authorizer.MayBucket(call, call.Bucket, "s3:ReplicateObject", null);
}

/// <summary>What became of a version.</summary>
internal enum Change
{
    Created,
    Marked,
    Removed,
    Altered,
}

/// <summary>Something that was done to a version.</summary>
/// <param name="Bucket">As it is now.</param>
/// <param name="Deed">Who, how.</param>
/// <param name="Change">What became of it.</param>
/// <param name="Row">The version; of a removed one, what it was.</param>
internal sealed record Happening(BucketRow Bucket, Deed Deed, Change Change, VersionRow Row);

/// <summary>Hears of all that is done to versions, in the same transaction.</summary>
internal interface IVersionWatcher
{
    Task Happened(Core.Store.Tx tx, Happening what);
}
