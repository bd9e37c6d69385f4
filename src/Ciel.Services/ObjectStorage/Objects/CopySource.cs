using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>The source of a copy: <c>x-amz-copy-source: /BUCKET/KEY?versionId=…</c>, percent-encoded.</summary>
internal sealed class CopySource(Db db, ObjectLookup lookup, IAccessKeys keys)
{
    public const string Header = "x-amz-copy-source";

    /// <summary>The source's bucket and version, for a caller that may read it and whose conditions hold.</summary>
    public async Task<(BucketRow Bucket, VersionRow Row)> Find(S3Call call)
    {
        var text = call.Header(Header)!.TrimStart('/');
        var question = text.IndexOf("?versionId=", StringComparison.Ordinal);
        if (!Percent.IsEncoded(text))
        {
            throw Faults.InvalidArgument(Header, text, "Invalid copy source encoding");
        }

        var path = Percent.Decode(question < 0 ? text : text[..question]);
        var version = question < 0 ? null : Percent.Decode(text.AsSpan(question + 11));
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == path.Length - 1)
        {
            throw Faults.InvalidArgument(Header, text, "Invalid copy source object key");
        }

        var (name, key) = (path[..slash], path[(slash + 1)..]);
        var bucket = await db.Read(r => BucketStore.Find(r, name), call.Cancel)
            ?? throw (BucketNames.IsGood(name) ? Faults.NoSuchBucket(name) : Faults.InvalidArgument(Header, text, "Invalid copy source bucket name"));
        if (call.Header("x-amz-source-expected-bucket-owner") is { } owner && owner != bucket.ProjectId)
        {
            throw Faults.AccessDenied();
        }

        await Suspension.Refuse(bucket.ProjectId, call.Caller.AccountId == bucket.ProjectId, takes: true, keys);
        var found = await lookup.Require(call, bucket, key, version, "s3:GetObject", "READ");
        if (found.Marker && version is not null)
        {
            throw Faults.InvalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.");
        }

        var row = ObjectLookup.Found(found, key, version);
        Conditions.Source(call, row);
        return (bucket, row);
    }
}
