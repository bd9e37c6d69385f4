using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Images;

/// <summary>Tags of images, one at a time.</summary>
internal sealed class TagsApi(Db db)
{
    public void Map(Routes routes)
    {
        routes.Put("/v2/images/{id}/tags/{tag}", Add);
        routes.Delete("/v2/images/{id}/tags/{tag}", Remove);
    }

    private async Task Add(Call call)
    {
        var tag = call.Route("tag");
        if (tag.Length > 255)
        {
            throw Fault.BadRequest("A tag has at most 255 characters.");
        }

        await db.Write(
            async tx =>
            {
                var image = await ImageBook.ForChange(tx, call.Actor, call.Route("id"), "modify");
                var tags = (await ImageStore.View(tx, image)).Tags;
                if (tags.Count >= ImageFields.MostTags && !tags.Contains(tag))
                {
                    throw ImageInput.TooMany("tags", tags.Count + 1, ImageFields.MostTags);
                }

                await ImageStore.AddTag(tx, image.Id, tag);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private async Task Remove(Call call)
    {
        await db.Write(
            async tx =>
            {
                var image = await ImageBook.ForChange(tx, call.Actor, call.Route("id"), "modify");
                if (!await ImageStore.RemoveTag(tx, image.Id, call.Route("tag")))
                {
                    throw Fault.NotFound($"Could not find tag {call.Route("tag")} on image {image.Id}.");
                }
            },
            call.Cancel);
        await call.Empty(204);
    }
}
