using Ciel.Agent.Contract;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Images.Data;

namespace Ciel.Services.Images;

/// <summary>What other services ask of images.</summary>
internal sealed class ImageService(ImageBook book, BlobStore blobs, TicketSeal seal, ImageStart start, Seeding seeding) : IImages
{
    public async Task<ImageInfo?> Visible(Reader reader, Actor actor, string imageId) => await Info(reader, await ImageStore.Visible(reader, actor, imageId));

    public async Task<ImageInfo?> Find(Reader reader, string imageId) => await Info(reader, await ImageStore.Find(reader, imageId));

    public BlobSource Source(ImageInfo image) => image is { BlobId: { } blob, Sha512: { } sha512, Size: { } size, DiskFormat: { } format }
        ? new BlobSource(sha512, size, format, seal.Make(TicketSeal.Download, blob))
        : throw Fault.Conflict($"Image {image.Id} has no data.");

    public async Task<IReadOnlyList<ImageInfo>> List(Reader reader, Actor actor, int most) =>
        [.. (await ImageStore.Views(reader, await ImageStore.AllVisible(reader, actor, most))).Select(Info)];

    public Task SetProperties(Tx tx, Actor actor, string imageId, IReadOnlyDictionary<string, string?> changes) => book.Change(tx, actor, imageId, view =>
    {
        var properties = new Dictionary<string, string>(view.Properties);
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                properties.Remove(name);
            }
            else
            {
                properties[name] = value;
            }
        }

        return view with { Properties = properties };
    });

    public Task Create(Tx tx, Actor actor, NewImage image) => book.Create(
        tx,
        actor,
        new ImageView(
            new Image
            {
                Id = image.Id,
                Name = image.Name,
                Owner = image.OwnerId,
                Status = Statuses.Queued,
                Visibility = "private",
                DiskFormat = image.DiskFormat,
                ContainerFormat = "bare",
                MinDisk = image.MinDiskGiB,
                MinRam = image.MinRamMiB,
            },
            image.Properties,
            []));

    public string UploadTicket(string imageId) => seal.Make(TicketSeal.Upload, imageId);

    // Complete images stay as they are: a late failure of their sender changes nothing.
    public async Task Kill(Tx tx, string imageId)
    {
        if (await ImageStore.FindForUpdate(tx, imageId) is { HasData: false })
        {
            await UploadStore.Kill(tx, imageId);
        }
    }

    public async Task Delete(Tx tx, Actor actor, string imageId)
    {
        if (await book.Delete(tx, actor, imageId) is { } blob)
        {
            tx.AfterCommit(() => blobs.Delete(blob));
        }
    }

    public Task Bootstrap(CancellationToken cancel) => start.Make(cancel);

    public Task<string> Seed(string name, Stream disk, IReadOnlyDictionary<string, string> properties, CancellationToken cancel) =>
        seeding.Seed(name, disk, properties, cancel);

    private static async Task<ImageInfo?> Info(Reader reader, Image? image) => image is null ? null : Info(await ImageStore.View(reader, image));

    private static ImageInfo Info(ImageView view)
    {
        var image = view.Image;
        return new ImageInfo(
            image.Id,
            image.Name ?? "",
            image.Owner,
            image.Status,
            image.DiskFormat,
            image.HasData ? image.Sha512 : null,
            image.HasData ? image.Size : null,
            image.HasData ? image.VirtualSize : null,
            image.MinDisk,
            image.MinRam,
            view.Properties,
            image.CreatedAt,
            image.UpdatedAt,
            image.HasData ? image.BlobId : null,
            image.Visibility,
            image.Protected,
            image.ContainerFormat);
    }
}
