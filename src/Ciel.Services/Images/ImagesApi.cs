using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Images.Import;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Ciel.Services.Images;

/// <summary>Images: create, list, show, change, delete.</summary>
internal sealed class ImagesApi(Db db, BlobStore blobs, ImageBook book, Ids ids)
{
    private const string Patch20 = "application/openstack-images-v2.0-json-patch";
    private const string Patch21 = "application/openstack-images-v2.1-json-patch";

    public void Map(Routes routes)
    {
        routes.Get("/v2/images", List);
        routes.Post("/v2/images", Create);
        routes.Get("/v2/images/{id}", Show);
        routes.Patch("/v2/images/{id}", Change);
        routes.Delete("/v2/images/{id}", Delete);
    }

    private async Task List(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_images");
        var query = call.Http.Request.Query;
        var (images, more) = await db.Read(r => ImageList.Page(r, call.Actor, query), call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("images");
            foreach (var image in images)
            {
                ImageWire.Write(json, image);
            }

            json.WriteEndArray();
            json.WriteString("first", Link(query, null));
            json.WriteString("schema", "/v2/schemas/images");
            if (more && images.Count > 0)
            {
                json.WriteString("next", Link(query, images[^1].Image.Id));
            }

            json.WriteEndObject();
        });
    }

    private async Task Create(Call call)
    {
        call.Actor.Require(Roles.Member, "add_image");
        var view = ImageInput.Create(await call.Body(), call.Actor, ids.Uuid);
        var made = await db.Write(tx => book.Create(tx, call.Actor, view), call.Cancel);
        var headers = call.Http.Response.Headers;
        headers.Location = $"{call.BaseUrl}/v2/images/{made.Image.Id}";
        headers["OpenStack-image-import-methods"] = string.Join(',', ImportMethods.All);
        headers["OpenStack-image-store-ids"] = ImageDoor.Store;
        await call.Json(201, json => ImageWire.Write(json, made));
    }

    private async Task Show(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_image");
        var view = await db.Read(
            async r => await ImageStore.View(r, await ImageStore.Visible(r, call.Actor, call.Route("id")) ?? throw Image.Missing(call.Route("id"))), call.Cancel);
        await call.Json(200, json => ImageWire.Write(json, view));
    }

    private async Task Change(Call call)
    {
        var type = call.Http.Request.ContentType?.Split(';')[0].Trim();
        if (type is not (Patch20 or Patch21))
        {
            throw new Fault(415, "UnsupportedMediaType", $"Send a change of an image as {Patch21}.");
        }

        var operations = await call.BodyObjects();
        var view = await db.Write(
            tx => book.Change(tx, call.Actor, call.Route("id"), v => ImagePatch.Apply(v, operations, type == Patch20, call.Actor)), call.Cancel);
        await call.Json(200, json => ImageWire.Write(json, view));
    }

    private async Task Delete(Call call)
    {
        var blob = await db.Write(tx => book.Delete(tx, call.Actor, call.Route("id")), call.Cancel);
        if (blob is not null)
        {
            blobs.Delete(blob);
        }

        await call.Empty(204);
    }

    private static string Link(IQueryCollection query, string? marker)
    {
        var pairs = query.Where(q => q.Key != "marker").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)));
        return QueryHelpers.AddQueryString("/v2/images", marker is null ? pairs : pairs.Append(KeyValuePair.Create("marker", (string?)marker)));
    }
}
