using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Iam;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Multipart;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Swift;

namespace Ciel.Services.ObjectStorage.Buckets;

/// <summary>Removes the buckets of a project that is gone with all that is in them, locked or not, some versions each turn.</summary>
internal sealed class PurgeKeeper(VersionBook book, ObjectBytes bytes, Ids ids) : OneStepKeeper("object.purge", PurgeKeeper.First)
{
    private const int Each = 200;
    private const string First = "purge";

    public Task Begin(Tx tx, KeeperBook keepers, string projectId) => keepers.Begin(tx, Kind, ids.Uuid(), First, frame: JsonSerializer.Serialize(projectId));

    protected override async Task<Next> Run(Turn turn)
    {
        var projectId = JsonSerializer.Deserialize<string>(turn.Row.Frame)!;
        if (await turn.Db.Read(r => BucketStore.OfProject(r, projectId, "", "", 1), turn.Cancel) is not [var bucket])
        {
            return Next.Gone();
        }

        return Next.Hop(First, async tx =>
        {
            if (await BucketStore.ForUpdate(tx, bucket.Id) is null)
            {
                return;
            }

            var versions = await VersionStore.Some(tx, bucket.Id, Each);
            foreach (var version in versions)
            {
                await book.Discard(tx, version);
                await ObjectQuota.Change(tx, bucket, version.ObjectKey, -version.Count, -version.Size);
            }

            if (versions.Count < Each)
            {
                var (freed, held) = await UploadStore.DeleteAll(tx, bucket.Id);
                await ObjectQuota.ChangeProject(tx, bucket.ProjectId, 0, -held);
                await StoredMeter.End(tx, ids, bucket);
                await BucketStore.Delete(tx, bucket.Id);
                tx.AfterCommit(() => bytes.Drop(freed));
            }
        });
    }
}

/// <summary>Hears of projects that go.</summary>
internal sealed class ProjectListener(PurgeKeeper purge, KeeperBook keepers, RevisionCache cache) : IProjectGone
{
    public async Task ProjectGone(Tx tx, string projectId)
    {
        await IamStore.Forget(tx, projectId);
        await AccountStore.Forget(tx, projectId);
        await cache.Bump(tx, IamBook.Cached);
        await purge.Begin(tx, keepers, projectId);
    }
}
