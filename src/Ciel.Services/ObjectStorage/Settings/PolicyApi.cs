using System.Net;
using System.Text;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>Bucket policies. The owner's account may always change its own, or a bad policy would lock everybody out.</summary>
internal sealed class PolicyApi(BucketBook book) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetBucketPolicy", "GET", Scope.Bucket, Get) { Marker = "policy" },
        new Operation("PutBucketPolicy", "PUT", Scope.Bucket, Put) { Marker = "policy" },
        new Operation("DeleteBucketPolicy", "DELETE", Scope.Bucket, Delete) { Marker = "policy" },
        new Operation("GetBucketPolicyStatus", "GET", Scope.Bucket, Status) { Marker = "policyStatus", Action = "s3:GetBucketPolicyStatus" },
    ];

    private static Task Get(S3Call call)
    {
        Require(call, "s3:GetBucketPolicy");
        return call.Bucket[SettingKinds.Policy] is { } text
            ? call.Document(Encoding.UTF8.GetBytes(text), type: "application/json")
            : throw new S3Fault(404, "NoSuchBucketPolicy", "The bucket policy does not exist") { Extra = [("BucketName", call.Bucket.Name)] };
    }

    private async Task Put(S3Call call)
    {
        Require(call, "s3:PutBucketPolicy");
        var text = Encoding.UTF8.GetString(await WholeBody.Read(call, Policy.Longest));
        var policy = Policy.Parse(text);
        policy.Check(call.Bucket.Name);

        if (policy.IsPublic && PublicAccess.Of(call.Bucket).BlockPublicPolicy)
        {
            throw Faults.AccessDenied();
        }

        await book.Change(call, bucket => bucket.With(SettingKinds.Policy, text));
        await call.Empty(HttpStatusCode.NoContent);
    }

    private async Task Delete(S3Call call)
    {
        Require(call, "s3:DeleteBucketPolicy");
        await book.Change(call, bucket => bucket.With(SettingKinds.Policy, null));
        await call.Empty(HttpStatusCode.NoContent);
    }

    private static Task Status(S3Call call)
    {
        var isPublic = (call.Bucket[SettingKinds.Policy] is { } text && Policy.Cached(text).IsPublic) || call.Bucket.Acl.IsPublic;
        return call.Xml("PolicyStatus", xml => xml.Truth("IsPublic", isPublic));
    }

    private static void Require(S3Call call, string action)
    {
        if (call.Caller.AccountId != call.Bucket.ProjectId || !call.Caller.Writes || call.Caller.Rights is not null)
        {
            Authorizer.Bucket(call, action, null);
        }
    }
}
