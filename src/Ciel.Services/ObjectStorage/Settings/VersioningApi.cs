using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>Versioning and object lock.</summary>
internal sealed class VersioningApi(BucketBook book) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetBucketVersioning", "GET", Scope.Bucket, Get) { Marker = "versioning", Action = "s3:GetBucketVersioning" },
        new Operation("PutBucketVersioning", "PUT", Scope.Bucket, Put) { Marker = "versioning", Action = "s3:PutBucketVersioning" },
        new Operation("GetObjectLockConfiguration", "GET", Scope.Bucket, GetLock) { Marker = "object-lock", Action = "s3:GetBucketObjectLockConfiguration" },
        new Operation("PutObjectLockConfiguration", "PUT", Scope.Bucket, PutLock) { Marker = "object-lock", Action = "s3:PutBucketObjectLockConfiguration" },
    ];

    private static Task Get(S3Call call) => call.Xml("VersioningConfiguration", xml => xml.Text("Status", call.Bucket.EverVersioned ? call.Bucket.Versioning : null));

    private async Task Put(S3Call call)
    {
        var root = await XmlInput.Read(call, "VersioningConfiguration");
        var status = root.Text("Status");
        if (root.Text("MfaDelete") == "Enabled")
        {
            throw Faults.NotImplemented("MFA delete");
        }

        if (status is not ("Enabled" or "Suspended"))
        {
            throw new S3Fault(400, "IllegalVersioningConfigurationException", "The Versioning element must be specified");
        }

        await book.Change(call, bucket => bucket.Locking && status == "Suspended"
            ? throw new S3Fault(409, "InvalidBucketState", "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.")
            : bucket with { Versioning = status });
        await call.Empty();
    }

    private static Task GetLock(S3Call call)
    {
        if (!call.Bucket.Locking)
        {
            throw new S3Fault(404, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket");
        }

        return call.Bucket[SettingKinds.Lock] is { } text
            ? call.Document(System.Text.Encoding.UTF8.GetBytes(text))
            : call.Xml("ObjectLockConfiguration", xml => xml.Text("ObjectLockEnabled", "Enabled"));
    }

    private async Task PutLock(S3Call call)
    {
        var root = await XmlInput.Read(call, "ObjectLockConfiguration");
        SettingRules.Lock(root);
        await book.Change(call, bucket => bucket.Versioned
            ? bucket.With(SettingKinds.Lock, root.ToString(System.Xml.Linq.SaveOptions.DisableFormatting)) with { Locking = true }
            : throw new S3Fault(409, "InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"));
        await call.Empty();
    }
}
