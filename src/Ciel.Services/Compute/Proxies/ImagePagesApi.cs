using System.Globalization;
using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Images;

namespace Ciel.Services.Compute;

/// <summary>Images in Nova's words, until 2.35 (Compute API reference, "Images").</summary>
internal sealed class ImagePagesApi(Db db, IImages images)
{
    private const int MostLooked = 10_000;

    public void Map(Routes routes)
    {
        routes.Get("/v2.1/images", call => List(call, ImagePagesWire.WriteBrief));
        routes.Get("/v2.1/images/detail", call => List(call, ImagePagesWire.Write));
        routes.Get("/v2.1/images/{id}", Show);
        routes.Delete("/v2.1/images/{id}", Delete);
    }

    /// <exception cref="Fault">404 for an image that the actor may not see.</exception>
    public static async Task<ImageInfo> Find(IImages images, Reader reader, Call call)
    {
        var id = call.Route("id");
        return id.Contains('\0', StringComparison.Ordinal) ? throw NotFound() : await images.Visible(reader, call.Actor, id) ?? throw NotFound();
    }

    private static Fault NotFound() => Fault.NotFound("Image not found.");

    private async Task List(Call call, Action<Utf8JsonWriter, ImageInfo, Call> write)
    {
        call.Until(35);
        var page = Page.Of(call);
        var passes = Filter(call);
        var all = await db.Read(r => images.List(r, call.Actor, MostLooked), call.Cancel);
        var shown = page.Behind(all, i => i.Id).Where(passes).Take(page.Limit).ToArray();
        await call.Many(
            "images",
            shown,
            (json, image) => write(json, image, call),
            json => Links.WriteNext(json, call, "images", page.Next(shown, i => i.Id)));
    }

    private async Task Show(Call call)
    {
        call.Until(35);
        var image = await db.Read(r => Find(images, r, call), call.Cancel);
        await call.One("image", json => ImagePagesWire.Write(json, image, call));
    }

    private async Task Delete(Call call)
    {
        call.Until(35);
        call.Actor.Require(Roles.Reader, "os_compute_api:images:delete");
        await db.Write(
            async tx =>
            {
                var image = await Find(images, tx, call);
                await images.Delete(tx, call.Actor, image.Id);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private static Func<ImageInfo, bool> Filter(Call call)
    {
        var rules = new List<Func<ImageInfo, bool>>();
        void Add(string name, Func<string, Func<ImageInfo, bool>> rule)
        {
            if (call.Query(name) is { } text)
            {
                rules.Add(rule(text));
            }
        }

        Add("name", text => i => i.Name == text);
        Add("status", text => i => ImagePagesWire.Status(i.Status).Equals(text, StringComparison.OrdinalIgnoreCase));
        Add("server", text => i => i.Properties.GetValueOrDefault("instance_uuid") == text[(text.LastIndexOf('/') + 1)..]);
        Add("type", text => i => i.Properties.GetValueOrDefault("image_type", "base") == text || (text == "ALL"));
        Add("minRam", text => i => i.MinRamMiB >= Number(text));
        Add("minDisk", text => i => i.MinDiskGiB >= Number(text));
        Add("changes-since", text => Stamp.Parse(text) is { } at ? i => i.UpdatedAt >= at : throw Fault.BadRequest("Invalid changes-since value"));
        foreach (var name in call.Http.Request.Query.Keys.Where(k => k.StartsWith("property-", StringComparison.Ordinal)))
        {
            Add(name, text => i => i.Properties.GetValueOrDefault(name["property-".Length..]) == text);
        }

        return image => rules.All(r => r(image));
    }

    private static int Number(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw Fault.BadRequest($"'{text}' is no number.");
}
