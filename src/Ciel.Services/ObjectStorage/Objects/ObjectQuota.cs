using System.Text.Json;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>What a bucket may hold; null for no limit.</summary>
internal sealed record BucketLimits(long? Bytes, long? Objects);

/// <summary>
/// How much a bucket and its project hold and may hold. Where there is no limit, writers write their bucket's own count and meet nowhere; where there is
/// one, they take turns at it, so that no race exceeds it by one unit.
/// </summary>
internal static class ObjectQuota
{
    public const string Buckets = "object.buckets";
    public const string Bytes = "object.bytes";
    public const string Objects = "object.objects";
    public const long MostBuckets = 1000;
    private static readonly string[] Limited = [Bytes, Objects];

    /// <summary>Counts what a transaction adds to a bucket, or takes from it where negative: once, and last, so that locks are taken in one order.</summary>
    /// <exception cref="S3Fault">403 beyond a limit.</exception>
    public static async Task Change(Tx tx, BucketRow bucket, string key, long objects, long bytes)
    {
        await UsageStore.Add(tx, bucket.Id, key, objects, bytes);
        if (Of(bucket) is { } own && (objects > 0 || bytes > 0))
        {
            await tx.Dialect.HoldName(tx, bucket.Id + "/quota");
            var used = await UsageStore.OfBucket(tx, bucket.Id);
            Refuse((bytes > 0 && used.Bytes > own.Bytes) || (objects > 0 && used.Objects > own.Objects), "bucket");
        }

        await ChangeProject(tx, bucket.ProjectId, objects, bytes);
    }

    /// <summary>
    /// Refuses before its bytes come what cannot fit: a client need not send gigabytes for a refusal. The transaction decides in the end, so that
    /// what fits by then is not promised here.
    /// </summary>
    /// <param name="db">Where to look.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="bytes">How many will come.</param>
    /// <param name="replaced">How many go as these come; asked where there is a limit.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="S3Fault">403 beyond a limit.</exception>
    public static Task Foresee(Db db, BucketRow bucket, long bytes, Func<Reader, Task<long>> replaced, CancellationToken cancel) => db.Read(
        async reader =>
        {
            var own = Of(bucket)?.Bytes;
            var line = (await Of(reader, bucket.ProjectId)).GetValueOrDefault(Bytes);
            var more = own is null && line is null ? 0 : bytes - await replaced(reader);
            Refuse(more > 0 && own is not null && (await UsageStore.OfBucket(reader, bucket.Id)).Bytes + more > own, "bucket");
            Refuse(more > 0 && line is { Hard: >= 0 } && line.Used + more > line.Hard, "project");
            return true;
        },
        cancel);

    /// <summary>Counts what a project holds more or, where negative, less.</summary>
    public static async Task ChangeProject(Tx tx, string projectId, long objects, long bytes)
    {
        var limits = await QuotaBook.Own(tx, projectId, Limited);
        foreach (var (resource, amount) in ((string, long)[])[(Bytes, bytes), (Objects, objects)])
        {
            if (amount > 0 && limits.ContainsKey(resource))
            {
                Refuse(await QuotaBook.Take(tx, projectId, resource, amount, -1) is not null, "project");
            }
            else if (amount < 0 && limits.ContainsKey(resource))
            {
                await QuotaBook.Return(tx, projectId, resource, -amount);
            }
        }
    }

    /// <summary>A bucket's own limits; null where it has none.</summary>
    public static BucketLimits? Of(BucketRow bucket) => bucket[SettingKinds.Quota] is { } text ? JsonSerializer.Deserialize<BucketLimits>(text) : null;

    /// <summary>A project's limits and, where it has one, what it holds.</summary>
    public static Task<Dictionary<string, QuotaLine>> Of(Reader reader, string projectId) => QuotaBook.Own(reader, projectId, Limited);

    /// <summary>Limits a project. Writers that are under way end first, so that what is guarded from here on begins with all that is there.</summary>
    public static async Task Limit(Tx tx, string projectId, long? bytes, long? objects)
    {
        await QuotaBook.Take(tx, projectId, Buckets, 0, MostBuckets);
        await BucketStore.HoldAll(tx, projectId);
        var used = await UsageStore.OfProject(tx, projectId);
        await QuotaBook.Begin(tx, projectId, Bytes, used.Bytes, bytes);
        await QuotaBook.Begin(tx, projectId, Objects, used.Objects, objects);
    }

    private static void Refuse(bool beyond, string whose)
    {
        if (beyond)
        {
            throw new S3Fault(403, "QuotaExceeded", $"The quota of the {whose} does not allow this. Delete what is no longer needed, or ask the operator.");
        }
    }
}
