using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.Images.Data;
using Ciel.Services.Images.Formats;

namespace Ciel.Services.Images;

/// <summary>Offers the operator's own images to all projects.</summary>
internal sealed class Seeding(Db db, BlobStore blobs, ImageBook book, IIdentity identity, Ids ids)
{
    public async Task<string> Seed(string name, Stream disk, IReadOnlyDictionary<string, string> properties, CancellationToken cancel)
    {
        var format = await Format(disk, cancel);
        var watch = new FormatWatch(format, bare: true);
        var blob = await blobs.Put(disk, new BlobIntake { Watch = watch.Watch }, cancel);
        var view = new ImageView(
            new Image
            {
                Id = ids.Uuid(),
                Name = name,
                Owner = await Owner(cancel),
                Status = Statuses.Active,
                Visibility = "public",
                DiskFormat = format,
                ContainerFormat = "bare",
                Size = blob.Size,
                VirtualSize = watch.Finish(),
                Md5 = blob.Md5,
                Sha512 = blob.Sha512,
                BlobId = blob.Id,
            },
            properties,
            []);
        var id = await db.Write(tx => Keep(tx, view), cancel);
        if (id != view.Image.Id)
        {
            blobs.Delete(blob.Id);
        }

        return id;
    }

    private async Task<string> Keep(Tx tx, ImageView view)
    {
        var same = await ImageStore.PublicNamed(tx, view.Image.Name!);
        if (same.Find(i => i.Sha512 == view.Image.Sha512) is { } known)
        {
            return known.Id;
        }

        foreach (var older in same.Where(i => i.Owner == view.Image.Owner))
        {
            await ImageStore.Hide(tx, older.Id);
        }

        var made = await book.Create(tx, SystemActor.New(ids), view);
        await ImageQuota.TakeBytes(tx, made.Image.Owner, made.Image.Size!.Value);
        await book.OpenSpan(tx, made.Image);
        return made.Image.Id;
    }

    private static async Task<string> Format(Stream disk, CancellationToken cancel)
    {
        var head = new byte[4];
        var read = await disk.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel);
        disk.Position = 0;
        return Magic.Of(head.AsSpan(0, read), []) == DiskFormat.Qcow2 ? "qcow2" : "raw";
    }

    private async Task<string> Owner(CancellationToken cancel) =>
        (await db.Read(identity.Projects, cancel)).FirstOrDefault(p => p is { Name: "admin", DomainId: "default" })?.Id
        ?? throw new InvalidOperationException("There is no project admin to own the image; start identity first.");
}
