using System.Globalization;
using Ciel.Core;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Images;

namespace Ciel.Services.Compute;

/// <summary>A server's disk as an image, or as one of a row of backups.</summary>
internal sealed class ImageActions(Db db, ServerVerbs verbs, IImages images, Backups backups, KeeperBook keepers, Ids ids, ComputeOptions options) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler>
    {
        ["createImage"] = CreateImage,
        ["createBackup"] = CreateBackup,
    };

    private async Task CreateImage(Call call, Input body, string id)
    {
        var input = body.Object("createImage");
        body.Done();
        var name = ServerFields.Name(input, required: true)!;
        var metadata = ServerFields.Metadata(input, "metadata");
        input.Done();
        await Answer(call, await Copy(call, id, "createImage", name, "snapshot", metadata, null));
    }

    private async Task CreateBackup(Call call, Input body, string id)
    {
        var input = body.Object("createBackup");
        body.Done();
        var name = ServerFields.Name(input, required: true)!;
        var type = input.String("backup_type", 0);
        var rotation = input.Integer("rotation");
        var metadata = ServerFields.Metadata(input, "metadata");
        input.Done();
        if (rotation == 0)
        {
            await db.Write(async tx => await backups.Rotate(tx, await ServerVerbs.Own(tx, call.Actor, id), type, 0), call.Cancel);
            await call.Empty(202);
            return;
        }

        var properties = new Dictionary<string, string>(metadata) { ["backup_type"] = type };
        await Answer(call, await Copy(call, id, "createBackup", name, "backup", properties, (type, rotation)));
    }

    private async Task<string> Copy(
        Call call, string id, string verb, string name, string type, IReadOnlyDictionary<string, string> own, (string Type, long Kept)? backup)
    {
        var imageId = ids.Uuid();
        await db.Write(
            async tx =>
            {
                await ServerParts.CheckMetadata(tx, call.Actor.ProjectId ?? "", own.Count);
                var server = await verbs.Begin(tx, call.Actor, id, verb, s => s.Intends(TaskStates.ImageSnapshot));
                await images.Create(tx, call.Actor, await Describe(tx, call.Actor, server, imageId, name, type, own));
                await SnapshotStore.Insert(tx, new Snapshot(imageId, id, server.Node!, server.Generation, backup?.Type, backup?.Kept));
                await keepers.Begin(tx, SnapshotKeeper.Name, imageId, SnapshotKeeper.First, options.ActLimit);
            },
            call.Cancel);
        return imageId;
    }

    private async Task<NewImage> Describe(
        Tx tx, Actor actor, Server server, string imageId, string name, string type, IReadOnlyDictionary<string, string> own)
    {
        var old = await images.Find(tx, server.ImageId);
        var properties = new Dictionary<string, string>(old?.Properties ?? new Dictionary<string, string>())
        {
            ["image_type"] = type,
            ["base_image_ref"] = server.ImageId,
            ["instance_uuid"] = server.Id,
            ["owner_id"] = server.ProjectId,
            ["user_id"] = actor.UserId,
        };
        foreach (var (key, value) in own)
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
