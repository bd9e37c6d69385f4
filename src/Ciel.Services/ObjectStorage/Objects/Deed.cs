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

    /// <summary>By a rule of the bucket.</summary>
    public static readonly Deed Lifecycle = new(LifecycleName, "s3.amazonaws.com", "127.0.0.1", "");

    public static Deed Of(S3Call call) =>
        new(call.Operation?.Name ?? "", call.Caller.UserId, call.Http.Connection.RemoteIpAddress?.ToString() ?? "", call.RequestId);
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
