using System.Globalization;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Data;

/// <summary>The bytes of images: upload, stage, download. They stream both ways and are never whole in memory.</summary>
internal sealed class ImageDataApi(Db db, BlobStore blobs, Uploads uploads)
{
    private const string Bytes = "application/octet-stream";

    public void Map(Routes routes)
    {
        routes.Put("/v2/images/{id}/file", call => Receive(call, uploads.File));
        routes.Put("/v2/images/{id}/stage", call => Receive(call, uploads.Stage));
        routes.Get("/v2/images/{id}/file", Send);
    }

    private delegate Task Receiver(Actor actor, string imageId, Stream content, long? length, CancellationToken cancel);

    private static async Task Receive(Call call, Receiver receive)
    {
        var request = call.Http.Request;
        if (request.ContentType?.Split(';')[0].Trim() != Bytes)
        {
            throw new Fault(415, "UnsupportedMediaType", $"Send an image's data as {Bytes}.");
        }

        if (request.Headers.TryGetValue("x-image-meta-store", out var store) && store.ToString() is not ("" or ImageDoor.Store))
        {
            throw Fault.BadRequest($"There is no store '{store}'. The only one is {ImageDoor.Store}.");
        }

        await receive(call.Actor, call.Route("id"), request.Body, request.ContentLength, call.Cancel);
        await call.Empty(204);
    }

    private async Task Send(Call call)
    {
        call.Actor.Require(Roles.Reader, "download_image");
        var id = call.Route("id");
        var image = await db.Read(r => ImageStore.Visible(r, call.Actor, id), call.Cancel) ?? throw Image.Missing(id);
        if (image.Status == Statuses.Deactivated && !call.Actor.IsAdmin)
        {
            throw Fault.Forbidden($"The requested image {id} has been deactivated. Image data download is forbidden.");
        }

        if (!image.HasData)
        {
            await call.Empty(204);
            return;
        }

        using var blob = blobs.Get(image.BlobId!);
        var range = ByteRange.Read(call.Http.Request, blob.Length);
        Describe(call, image, blob.Length, range);
        await blob.CopyTo(call.Http.Response.BodyWriter, range?.First ?? 0, range?.Count ?? blob.Length, call.Cancel);
    }

    private static void Describe(Call call, Image image, long length, ByteRange? range)
    {
        var response = call.Http.Response;
        response.StatusCode = range is null ? 200 : 206;
        response.ContentType = Bytes;
        response.ContentLength = range?.Count ?? length;
        response.Headers.AcceptRanges = "bytes";
        if (range is { } part)
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {part.First}-{part.First + part.Count - 1}/{length}");
        }
        else
        {
            // Hex and of the whole, as Glance sends it; clients compare it with what they received.
            response.Headers.ContentMD5 = image.Md5;
        }
    }
}
