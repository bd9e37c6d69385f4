using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.Images.Data;

namespace Ciel.Services.Images;

/// <summary>Removes the images of a project that is gone, protected ones too, a few at a time.</summary>
internal sealed class PurgeKeeper(ImageBook book, BlobStore blobs, Ids ids) : OneStepKeeper("image.purge", PurgeKeeper.First)
{
    private const int Each = 20;
    private const string First = "purge";

    /// <summary>Begins it for one project; its id is the keeper's notes.</summary>
    public Task Begin(Tx tx, KeeperBook keepers, string projectId) => keepers.Begin(tx, Kind, ids.Uuid(), First, frame: JsonSerializer.Serialize(projectId));

    protected override async Task<Next> Run(Turn turn)
    {
        var projectId = JsonSerializer.Deserialize<string>(turn.Row.Frame)!;
        var images = await turn.Db.Read(r => ImageStore.OfOwner(r, projectId, Each), turn.Cancel);
        return images.Count == 0 ? Next.Gone() : Next.Hop(First, async tx =>
        {
            foreach (var image in images)
            {
                if (await ImageStore.FindForUpdate(tx, image.Id) is { } still && await book.Remove(tx, SystemActor.New(ids), still) is { } blob)
                {
                    tx.AfterCommit(() => blobs.Delete(blob));
                }
            }
        });
    }
}

/// <summary>Hears of projects that go.</summary>
internal sealed class ProjectListener(PurgeKeeper purge, KeeperBook keepers) : IProjectGone
{
    public Task ProjectGone(Tx tx, string projectId) => purge.Begin(tx, keepers, projectId);
}
