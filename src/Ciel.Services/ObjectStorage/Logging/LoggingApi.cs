using System.Text;
using System.Xml.Linq;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Logging;

/// <summary>Where a bucket's accesses are logged.</summary>
internal sealed class LoggingApi(BucketBook book, Accounts accounts) : IObjectApi
{
    private static readonly string[] Grantable = [Acl.Full, "READ", "WRITE"];

    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetBucketLogging", "GET", Scope.Bucket, Get) { Marker = "logging", Action = "s3:GetBucketLogging" },
        new Operation("PutBucketLogging", "PUT", Scope.Bucket, Put) { Marker = "logging", Action = "s3:PutBucketLogging" },
    ];

    /// <summary>What the target's owner and those named in the configuration may do with log objects.</summary>
    public static Acl AclOf(BucketRow source, BucketRow target)
    {
        var own = Acl.Private(target.ProjectId, target.OwnerName);
        var extra = source[SettingKinds.LoggingGrants] is { } text ? Acl.Parse(text).Grants : [];
        return target.AclsDisabled ? own : own with { Grants = [.. own.Grants, .. extra] };
    }

    private static Task Get(S3Call call) => call.Bucket[SettingKinds.Logging] is { } text
        ? call.Document(Encoding.UTF8.GetBytes(text))
        : call.Xml("BucketLoggingStatus", _ => { });

    private async Task Put(S3Call call)
    {
        var root = await XmlInput.Read(call, "BucketLoggingStatus");
        var target = LogTarget.Parse(root);
        var grants = await Grants(call, root);
        await book.Change(call, async (tx, bucket) =>
        {
            if (target is not null)
            {
                await Check(tx, bucket, target, grants);
            }

            return bucket.With(SettingKinds.Logging, target is null ? null : root.ToString(SaveOptions.DisableFormatting)).With(SettingKinds.LoggingGrants, grants.Count == 0 ? null : new Acl(bucket.ProjectId, bucket.OwnerName, grants).Text);
        });
        await call.Empty();
    }

    private async Task<List<Grant>> Grants(S3Call call, XElement root)
    {
        var grants = new List<Grant>();
        foreach (var grant in root.One("LoggingEnabled")?.One("TargetGrants")?.All("Grant") ?? [])
        {
            grants.Add(await AclWire.Grant(call, grant, Grantable, accounts));
        }

        return grants;
    }

    private static async Task Check(Tx tx, BucketRow source, LogTarget wanted, List<Grant> grants)
    {
        var target = wanted.Bucket == source.Name ? source : await BucketStore.Find(tx, wanted.Bucket);
        if (target is null)
        {
            throw Wrong("The target bucket for logging does not exist", wanted.Bucket);
        }

        if (target.ProjectId != source.ProjectId)
        {
            throw Wrong("The owner for the bucket to be logged and the target bucket must be the same.", wanted.Bucket);
        }

        if (target[SettingKinds.RequestPayment] == Payer.Requester)
        {
            throw Wrong("The target bucket for logging must not be one where the requester pays.", wanted.Bucket);
        }

        if (target[SettingKinds.Lock] is { } locks && XmlInput.Parse(locks).One("Rule") is not null)
        {
            throw Wrong("The target bucket for logging must not lock its objects by default.", wanted.Bucket);
        }

        if (target[SettingKinds.Encryption] is { } encryption && encryption.Contains(Encryption.Kms, StringComparison.Ordinal))
        {
            throw Wrong("The target bucket for logging must be encrypted with AES256 or not at all.", wanted.Bucket);
        }

        if (grants.Count > 0 && target.AclsDisabled)
        {
            throw AccountRules.AclsDisabled();
        }
    }

    private static S3Fault Wrong(string message, string bucket) => new(400, "InvalidTargetBucketForLogging", message) { Extra = [("TargetBucket", bucket)] };
}
