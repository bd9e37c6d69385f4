using System.Net;
using System.Text;
using System.Xml.Linq;
using Ciel.Core.Http.Egress;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Notifications;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>A bucket's replication configuration.</summary>
internal sealed class ReplicationApi(Db db, BucketBook book, RemoteBuckets remotes, KeeperBook keepers) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetBucketReplication", "GET", Scope.Bucket, Get) { Marker = "replication", Action = "s3:GetReplicationConfiguration" },
        new Operation("PutBucketReplication", "PUT", Scope.Bucket, Put) { Marker = "replication", Action = "s3:PutReplicationConfiguration" },
        new Operation("DeleteBucketReplication", "DELETE", Scope.Bucket, Delete) { Marker = "replication", Action = "s3:PutReplicationConfiguration" },
    ];

    private static Task Get(S3Call call) => call.Bucket[SettingKinds.Replication] is { } text
        ? call.Document(Encoding.UTF8.GetBytes(text))
        : throw new S3Fault(404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found") { Extra = [("BucketName", call.Bucket.Name)] };

    private async Task Put(S3Call call)
    {
        var root = await XmlInput.Read(call, "ReplicationConfiguration");
        var rules = ReplicationRule.Check(root);
        foreach (var to in rules.GroupBy(r => r.To))
        {
            var prefixes = to.Select(r => r.Prefix).Distinct().ToList();
            prefixes.ForEach(prefix => Require(call, call.Bucket, "s3:GetObjectVersionForReplication", prefix));
            await (to.Key.Target is { } target ? CheckRemote(call, target, to.Key.Bucket) : CheckOwn(call, to.Key.Bucket, prefixes));
        }

        await book.Change(call, async (tx, bucket) =>
        {
            if (!bucket.Versioned)
            {
                throw Faults.InvalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration");
            }

            await ReplicationKeeper.Begin(tx, keepers, bucket.Id);
            return bucket.With(SettingKinds.Replication, root.ToString(SaveOptions.DisableFormatting));
        });
        await call.Empty();
    }

    private async Task Delete(S3Call call)
    {
        await book.Change(call, async (tx, bucket) =>
        {
            await EventStore.DeleteAll(tx, bucket.Id);
            return bucket.With(SettingKinds.Replication, null);
        });
        await call.Empty(HttpStatusCode.NoContent);
    }

    // Nobody reads or writes by a rule what is not his to read or write: there is no role here that would stand for it.
    private static void Require(S3Call call, BucketRow bucket, string action, string prefix)
    {
        if (!Authorizer.MayObject(call, bucket, action, prefix, new ObjectGuard(bucket.ProjectId, bucket.Acl, new Dictionary<string, string>()), null))
        {
            throw Faults.AccessDenied();
        }
    }

    private async Task CheckOwn(S3Call call, string name, List<string> prefixes)
    {
        var bucket = await db.Read(r => BucketStore.Find(r, name), call.Cancel);
        if (bucket is null || bucket.ProjectId != call.Bucket.ProjectId || bucket.Id == call.Bucket.Id)
        {
            throw Faults.InvalidRequest(bucket?.Id == call.Bucket.Id
                ? "Destination bucket cannot be the same as the source bucket."
                : "Destination bucket must exist and be of the same project. A bucket of another project is reached as a replication target, with that project's key.");
        }

        if (!bucket.Versioned)
        {
            throw Faults.InvalidRequest("Destination bucket must have versioning enabled.");
        }

        prefixes.ForEach(prefix => Require(call, bucket, "s3:ReplicateObject", prefix));
    }

    private async Task CheckRemote(S3Call call, string target, string bucket)
    {
        try
        {
            if (await remotes.Open(call.Bucket.ProjectId, target, bucket, call.Cancel) is not { } remote)
            {
                throw Faults.InvalidRequest($"There is no replication target {target} in this project. Make it first: `ciel objects target add`, or the form PutReplicationTarget.");
            }

            if (!await remote.Versioned(call.Cancel))
            {
                throw Faults.InvalidRequest("Destination bucket must have versioning enabled.");
            }
        }
        catch (EgressRefusedException refused)
        {
            throw Faults.InvalidRequest($"Destination bucket {bucket} of target {target} cannot be used: {refused.Message}");
        }
    }
}
