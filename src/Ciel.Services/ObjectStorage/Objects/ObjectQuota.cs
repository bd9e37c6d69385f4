using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>How much a project may keep. What it has is summed from the buckets' own counts, so that writers do not all meet in one row.</summary>
internal static class ObjectQuota
{
    public const string Buckets = "object.buckets";
    public const string Bytes = "object.bytes";
    public const string Objects = "object.objects";
    public const long MostBuckets = 1000;

    /// <summary>Refuses a version that goes beyond a limit which the project or the cloud has.</summary>
    public static async Task Check(Tx tx, BucketRow bucket, VersionRow row)
    {
        if (row.Marker)
        {
            return;
        }

        var bytes = await QuotaBook.Line(tx, bucket.ProjectId, Bytes, -1);
        var objects = await QuotaBook.Line(tx, bucket.ProjectId, Objects, -1);
        if (bytes.Hard < 0 && objects.Hard < 0)
        {
            return;
        }

        var used = await UsageStore.OfProject(tx, bucket.ProjectId);
        if ((bytes.Hard >= 0 && used.Bytes > bytes.Hard) || (objects.Hard >= 0 && used.Objects > objects.Hard))
        {
            throw new S3Fault(403, "QuotaExceeded", "The quota of the project does not allow this. Delete what is no longer needed, or ask the operator.");
        }
    }
}
