using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Finds the version that a request names, for a caller that may have it.</summary>
internal sealed class ObjectLookup(Db db)
{
    /// <summary>The version of the request, which is one with bytes.</summary>
    /// <param name="call">The request.</param>
    /// <param name="action">As for <see cref="Require(S3Call, string, string)"/>.</param>
    /// <param name="permission">What the object's list must grant.</param>
    public async Task<VersionRow> Find(S3Call call, string action, string permission) =>
        Found(await Require(call, action, permission), call.Key, call.Query("versionId"));

    /// <summary>The version of the request, or its delete marker.</summary>
    /// <param name="call">The request.</param>
    /// <param name="action">Such as <c>s3:GetObject</c>; with a version id, the action of that name for versions.</param>
    /// <param name="permission">What the object's list must grant.</param>
    public Task<VersionRow> Require(S3Call call, string action, string permission) =>
        Require(call, call.Bucket, call.Key, call.Query("versionId"), action, permission);

    public async Task<VersionRow> Require(S3Call call, BucketRow bucket, string key, string? versionId, string action, string permission)
    {
        VersionIds.Require(versionId);
        var named = versionId is null ? action : Versioned(action);
        var row = await db.Read(r => VersionStore.Find(r, bucket.Id, key, versionId), call.Cancel);
        if (row is null)
        {
            // Only who may list learns that a key is not there.
            if (!Authorizer.MayBucket(call, bucket, "s3:ListBucket", "READ"))
            {
                throw Faults.AccessDenied();
            }

            return Found(row, key, versionId);
        }

        return Authorizer.MayObject(call, bucket, named, key, row.Guard, permission) ? row : throw Faults.AccessDenied();
    }

    /// <summary>The version if it is one with bytes.</summary>
    /// <exception cref="S3Fault">404 for none or a current delete marker, 405 for a delete marker that was named.</exception>
    public static VersionRow Found(VersionRow? row, string key, string? versionId)
    {
        if (row is null)
        {
            throw versionId is null ? Faults.NoSuchKey(key, ("x-amz-delete-marker", "false")) : Faults.NoSuchVersion(key, versionId);
        }

        if (row.Marker)
        {
            (string, string)[] headers = [("x-amz-delete-marker", "true"), ("x-amz-version-id", row.VersionId)];
            throw versionId is null
                ? Faults.NoSuchKey(key, headers)
                : new S3Fault(405, "MethodNotAllowed", "The specified method is not allowed against this resource.") { Headers = [.. headers, ("Allow", "DELETE"), ("Last-Modified", Xml.Instants.Http(row.CreatedAt))] };
        }

        return row;
    }

    private static string Versioned(string action) => action switch
    {
        "s3:GetObject" or "s3:GetObjectAcl" or "s3:PutObjectAcl" or "s3:GetObjectTagging" or "s3:PutObjectTagging" or "s3:DeleteObjectTagging" or "s3:GetObjectAttributes" =>
            action.Replace("Object", "ObjectVersion", StringComparison.Ordinal),
        _ => action,
    };
}
