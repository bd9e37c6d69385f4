using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>
/// Containers are buckets. One whose name S3 allows and nobody else has is the bucket of that name, on both doors; any other is a bucket
/// named <c>PROJECT/NAME</c>, which only Swift can say (docs/decisions/0007).
/// </summary>
internal sealed class Containers(Db db, BucketBook book)
{
    private const int Most = 10_000;

    /// <summary>The name within its account.</summary>
    public static string NameOf(BucketRow bucket) => bucket.Name.StartsWith(bucket.ProjectId + "/", StringComparison.Ordinal) ? bucket.Name[(bucket.ProjectId.Length + 1)..] : bucket.Name;

    public Task<BucketRow?> Find(string account, string name, CancellationToken cancel) => db.Read(reader => Find(reader, account, name), cancel);

    public static async Task<BucketRow?> Find(Reader reader, string account, string name) =>
        await BucketStore.Find(reader, $"{account}/{name}") ?? (await BucketStore.Find(reader, name) is { } shared && shared.ProjectId == account ? shared : null);

    public async Task<BucketRow> Require(SwiftCall call, string name) => await Find(call.Account, name, call.Cancel) ?? throw SwiftFaults.NotFound();

    /// <summary>All containers of an account in the order of their names, with what each holds.</summary>
    public async Task<IReadOnlyList<HeldContainer>> Of(SwiftCall call)
    {
        var (rows, used) = await db.Read(
            async reader => (await BucketStore.OfProject(reader, call.Account, "", "", Most), (await UsageStore.OfBuckets(reader, call.Account)).ToDictionary(u => u.Id)),
            call.Cancel);
        return [.. rows.Select(row => new HeldContainer(row, NameOf(row), used.GetValueOrDefault(row.Id)?.Objects ?? 0, used.GetValueOrDefault(row.Id)?.Bytes ?? 0))
            .OrderBy(c => c.Name, StringComparer.Ordinal)];
    }

    public async Task<HeldContainer> Held(SwiftCall call, BucketRow bucket)
    {
        var (objects, bytes) = await db.Read(reader => UsageStore.OfBucket(reader, bucket.Id), call.Cancel);
        return new HeldContainer(bucket, NameOf(bucket), objects, bytes);
    }

    /// <summary>The container, made where it is missing.</summary>
    public async Task<(BucketRow Bucket, bool Made)> Make(SwiftCall call, string name, string ownerName)
    {
        if (await Find(call.Account, name, call.Cancel) is { } there)
        {
            return (there, false);
        }

        foreach (var stored in IsBucketName(name) ? (string[])[name, $"{call.Account}/{name}"] : [$"{call.Account}/{name}"])
        {
            var draft = new BucketRow { Id = "", Name = stored, ProjectId = call.Account, OwnerName = ownerName };
            try
            {
                await book.Create(call.Storage(draft, null), draft);
                return (await Require(call, name), true);
            }
            catch (S3Fault taken) when (taken.Code == "BucketAlreadyExists" && stored == name)
            {
                // Another account's on the S3 door.
                continue;
            }
        }

        throw SwiftFaults.NotFound();
    }

    /// <summary>Removes an empty container.</summary>
    public async Task Delete(SwiftCall call, BucketRow bucket)
    {
        try
        {
            await book.Delete(call.Storage(bucket, null));
        }
        catch (S3Fault gone) when (gone.Code == "NoSuchBucket")
        {
            throw SwiftFaults.NotFound();
        }
        catch (S3Fault full) when (full.Code == "BucketNotEmpty")
        {
            throw new S3Fault(409, "Conflict", "There was a conflict when trying to complete your request. The container is not empty.");
        }
    }

    private static bool IsBucketName(string name)
    {
        try
        {
            BucketNames.Require(name);
            return true;
        }
        catch (S3Fault)
        {
            return false;
        }
    }
}

/// <summary>A container with what it holds.</summary>
internal sealed record HeldContainer(BucketRow Bucket, string Name, long Objects, long Bytes);
