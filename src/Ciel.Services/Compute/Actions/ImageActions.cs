using System.Globalization;
using Ciel.Core;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Images;

namespace Ciel.Services.Compute;

/// <summary>A server's disk as an image.</summary>
internal sealed class ImageActions(Db db, ServerVerbs verbs, IImages images, KeeperBook keepers, Ids ids, ComputeOptions options) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler> { ["createImage"] = Create };

    private async Task Create(Call call, Input body, string id)
    {
        var input = body.Object("createImage");
        body.Done();
        var name = ServerFields.Name(input, required: true)!;
        var metadata = ServerFields.Metadata(input, "metadata");
        input.Done();
        var imageId = ids.Uuid();
        await db.Write(
            async tx =>
            {
                await ServerParts.CheckMetadata(tx, call.Actor.ProjectId ?? "", metadata.Count);
                var server = await verbs.Begin(tx, call.Actor, id, "createImage", s => s.Intends(TaskStates.ImageSnapshot));
                await images.Create(tx, call.Actor, await Describe(tx, call.Actor, server, imageId, name, metadata));
                await SnapshotStore.Insert(tx, new Snapshot(imageId, id, server.Node!, server.Generation));
                await keepers.Begin(tx, SnapshotKeeper.Name, imageId, SnapshotKeeper.First, options.ActLimit);
            },
            call.Cancel);
        await Answer(call, imageId);
    }

    private async Task<NewImage> Describe(Tx tx, Actor actor, Server server, string imageId, string name, IReadOnlyDictionary<string, string> metadata)
    {
        var old = await images.Find(tx, server.ImageId);
        var properties = new Dictionary<string, string>(old?.Properties ?? new Dictionary<string, string>())
        {
            ["base_image_ref"] = server.ImageId,
            ["image_type"] = "snapshot",
            ["instance_uuid"] = server.Id,
            ["owner_id"] = server.ProjectId,
            ["user_id"] = actor.UserId,
        };
        foreach (var (key, value) in metadata)
        {
            properties[key] = value;
        }

        return new NewImage(imageId, name, actor.ProjectId ?? server.ProjectId, "qcow2", server.DiskGib, old?.MinRamMiB ?? 0, properties);
    }

    private static Task Answer(Call call, string imageId)
    {
        if (call.Version >= 45)
        {
            return call.Json(202, json =>
            {
                json.WriteStartObject();
                json.WriteString("image_id", imageId);
                json.WriteEndObject();
            });
        }

        call.Http.Response.Headers.Location = string.Create(
            CultureInfo.InvariantCulture, $"{call.Http.Request.Scheme}://{call.Http.Request.Host}/image/images/{imageId}");
        return call.Empty(202);
    }
}
