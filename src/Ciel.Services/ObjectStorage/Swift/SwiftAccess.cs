using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Who may do what: the account's own as S3's rules have it, others whom a container's lists let in.</summary>
internal static class SwiftAccess
{
    public static void List(SwiftCall call, BucketRow bucket)
    {
        if (!Authorizer.MayBucket(call.Storage(bucket, null), bucket, "s3:ListBucket", "READ")
            && !SwiftAcl.Allows(ContainerSettings.Of(bucket).Read, call.Actor, call.Header("Referer"), listing: true))
        {
            throw call.Refused();
        }
    }

    /// <summary>Refuses who may not read an object; without a row, who may not learn that it is not there.</summary>
    public static void Read(SwiftCall call, BucketRow bucket, string key, VersionRow? row)
    {
        var storage = call.Storage(bucket, key);
        var own = row is null ? Authorizer.MayBucket(storage, bucket, "s3:ListBucket", "READ") : Authorizer.MayObject(storage, bucket, "s3:GetObject", key, row.Guard, "READ");
        if (!own && !SwiftAcl.Allows(ContainerSettings.Of(bucket).Read, call.Actor, call.Header("Referer"), listing: false))
        {
            throw call.Refused();
        }
    }

    public static void Write(SwiftCall call, BucketRow bucket, string key, string action)
    {
        if (!Authorizer.MayWrite(call.Storage(bucket, key), action, key)
            && !SwiftAcl.Allows(ContainerSettings.Of(bucket).Write, call.Actor, null, listing: false))
        {
            throw call.Refused();
        }
    }
}
