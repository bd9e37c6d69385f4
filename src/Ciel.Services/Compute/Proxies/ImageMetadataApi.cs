using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Images;

namespace Ciel.Services.Compute;

/// <summary>Properties of images in Nova's words, until 2.38 (Compute API reference, "Image metadata").</summary>
internal sealed class ImageMetadataApi(Db db, IImages images)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/images/{id}/metadata", List);
        routes.Post("/v2.1/images/{id}/metadata", call => Change(call, replace: false));
        routes.Put("/v2.1/images/{id}/metadata", call => Change(call, replace: true));
        routes.Get("/v2.1/images/{id}/metadata/{key}", Show);
        routes.Put("/v2.1/images/{id}/metadata/{key}", SetOne);
        routes.Delete("/v2.1/images/{id}/metadata/{key}", Delete);
    }

    private async Task List(Call call)
    {
        call.Until(38);
        await MetadataItems.Answer(call, (await db.Read(r => ImagePagesApi.Find(images, r, call), call.Cancel)).Properties);
    }

    private async Task Show(Call call)
    {
        call.Until(38);
        var key = call.Route("key");
        var image = await db.Read(r => ImagePagesApi.Find(images, r, call), call.Cancel);
        await MetadataItems.AnswerOne(call, key, image.Properties.GetValueOrDefault(key) ?? throw MetadataItems.NoItem());
    }

    private async Task Change(Call call, bool replace)
    {
        call.Until(38);
        var body = await call.Body();
        var items = body.Has("metadata") ? ServerFields.Metadata(body, "metadata") : throw MetadataItems.Required("metadata");
        body.Done();
        var all = await Save(call, old =>
        {
            var changes = replace ? old.Keys.ToDictionary(k => k, string? (_) => null) : [];
            foreach (var (key, value) in items)
            {
                changes[key] = value;
            }

            return changes;
        });
        await MetadataItems.Answer(call, all);
    }

    private async Task SetOne(Call call)
    {
        call.Until(38);
        var (key, value) = await MetadataItems.ReadOne(call);
        await Save(call, _ => new() { [key] = value });
        await MetadataItems.AnswerOne(call, key, value);
    }

    private async Task Delete(Call call)
    {
        call.Until(38);
        var key = call.Route("key");
        await Save(call, old => old.ContainsKey(key) ? new() { [key] = null } : throw MetadataItems.NoItem());
        await call.Empty(204);
    }

    private async Task<IReadOnlyDictionary<string, string>> Save(Call call, Func<IReadOnlyDictionary<string, string>, Dictionary<string, string?>> change) => await db.Write(
        async tx =>
        {
            var image = await ImagePagesApi.Find(images, tx, call);
            await images.SetProperties(tx, call.Actor, image.Id, change(image.Properties));
            var changed = (await images.Find(tx, image.Id))!.Properties;
            await ServerParts.CheckMetadata(tx, call.Actor.ProjectId ?? "", changed.Count);
            return changed;
        },
        call.Cancel);
}
