using Ciel.Core.Http;
using Ciel.Core.Http.Egress;
using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>Opens buckets of other S3s.</summary>
internal sealed class RemoteBuckets(Db db, Envelope envelope, Egress egress, TimeProvider time)
{
    /// <summary>The bucket as the target's key reaches it; null where the project has no such target.</summary>
    public async Task<RemoteBucket?> Open(string projectId, string target, string bucket, CancellationToken cancel)
    {
        if (await db.Read(r => TargetStore.Find(r, projectId, target), cancel) is not { } row)
        {
            return null;
        }

        var secret = await envelope.Open(row.Secret, TargetRow.About(projectId, target), cancel);
        return new RemoteBucket(egress, new SigV4(row.Access, secret, row.Region, "s3"), row.Endpoint, bucket, time);
    }
}
