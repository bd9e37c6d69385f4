using System.Text;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Listing;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>
/// Versions in another container (<c>X-Versions-Location</c>): what is overwritten is copied there, under the length of the name in three hex digits, the name
/// and the instant; a delete brings the newest back.
/// </summary>
internal sealed class OldVersions(Db db, Containers containers, SwiftObjects objects)
{
    /// <summary>Copies what is there before it goes.</summary>
    public async Task Keep(SwiftCall call, BucketRow bucket, string key, bool deleting)
    {
        var settings = ContainerSettings.Of(bucket);
        if (settings.Versions.Length == 0 || (deleting && !settings.History) || await objects.Find(call, bucket, key) is not { } row)
        {
            return;
        }

        var shelf = await containers.Find(bucket.ProjectId, settings.Versions, call.Cancel)
            ?? throw new S3Fault(412, "PreconditionFailed", $"The versions container {settings.Versions} does not exist.");
        await Copy(call, bucket, row, shelf, Prefix(key) + SwiftCall.Timestamp(row.CreatedAt));
    }

    /// <summary>On a delete, puts the newest old version in the object's place; false where there is none, so that the object itself goes.</summary>
    public async Task<bool> BringBack(SwiftCall call, BucketRow bucket, string key)
    {
        var settings = ContainerSettings.Of(bucket);
        await Keep(call, bucket, key, deleting: true);
        if (settings.Versions.Length == 0 || settings.History || await containers.Find(bucket.ProjectId, settings.Versions, call.Cancel) is not { } shelf
            || await Newest(call, shelf, Prefix(key)) is not { } row)
        {
            return false;
        }

        await Copy(call, shelf, row, bucket, key);
        await objects.Delete(call, shelf, row.ObjectKey);
        return true;
    }

    private async Task Copy(SwiftCall call, BucketRow from, VersionRow row, BucketRow to, string key)
    {
        var (bytes, size) = await objects.Open(call, from, row);
        await using var _ = bytes;
        var info = new ObjectInfo { Headers = row.Details.Headers, Meta = row.Details.Meta, DeleteAt = row.Details.DeleteAt };
        await objects.Store(call, to, key, bytes, info, new Expected { Length = size });
    }

    private async Task<VersionRow?> Newest(SwiftCall call, BucketRow shelf, string prefix)
    {
        var name = "";
        for (var at = Position.Before(prefix); ;)
        {
            var page = await db.Read(r => ListStore.Current(r, shelf.Id, at, Position.Successor(prefix), SwiftListing.Most), call.Cancel);
            name = page.Count > 0 ? page[^1].ObjectKey : name;
            if (page.Count < SwiftListing.Most)
            {
                return name.Length == 0 ? null : await objects.Find(call, shelf, name);
            }

            at = new Position(name);
        }
    }

    private static string Prefix(string key) => $"{Encoding.UTF8.GetByteCount(key):x3}{key}/";
}
