using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Ledger;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Services.Images;

/// <summary>What may happen to images, each within the caller's transaction: row, quota, ledger and audit together.</summary>
/// <param name="ids">Ids of spans and audit rows.</param>
/// <param name="parts">Gives those who know what uses an image; they stand above and need images themselves.</param>
internal sealed class ImageBook(Ids ids, IServiceProvider parts)
{
    private const string Resource = "image";

    public async Task<ImageView> Create(Tx tx, Actor actor, ImageView view)
    {
        if (await ImageStore.Find(tx, view.Image.Id) is not null)
        {
            throw Fault.Conflict($"Image ID {view.Image.Id} already exists!");
        }

        await ImageQuota.TakeCount(tx, view.Image.Owner);
        var made = view with { Image = view.Image with { CreatedAt = tx.Now, UpdatedAt = tx.Now } };
        await ImageStore.Insert(tx, made);
        await Note(tx, actor, "create", view.Image.Id);
        return made;
    }

    /// <summary>Changes what clients may change.</summary>
    public async Task<ImageView> Change(Tx tx, Actor actor, string id, Func<ImageView, ImageView> change)
    {
        var image = await ForChange(tx, actor, id, "modify");
        var changed = change(await ImageStore.View(tx, image));
        changed = changed with { Image = changed.Image with { UpdatedAt = tx.Now } };
        if (changed.Image.Owner != image.Owner)
        {
            await ImageQuota.Return(tx, image);
            await ImageQuota.TakeAll(tx, changed.Image);
            if (image.HasData)
            {
                await CloseSpan(tx, id);
                await OpenSpan(tx, changed.Image);
            }
        }

        await ImageStore.Update(tx, changed);
        await Note(tx, actor, "update", id);
        return changed;
    }

    /// <summary>Deletes by the rules of the API.</summary>
    /// <returns>The blob that nobody owns any more; to be deleted once this is durable.</returns>
    public async Task<string?> Delete(Tx tx, Actor actor, string id)
    {
        var image = await ForChange(tx, actor, id, "delete");
        if (image.Protected)
        {
            throw Fault.Forbidden($"Image {id} is protected and cannot be deleted.");
        }

        foreach (var user in parts.GetServices<IImageInUse>())
        {
            if (await user.InUse(tx, id) is { } why)
            {
                throw Fault.Conflict($"Image {id} could not be deleted because it is in use: {why}");
            }
        }

        return await Remove(tx, actor, image);
    }

    /// <summary>Removes an image whatever the rules say.</summary>
    public async Task<string?> Remove(Tx tx, Actor actor, Image image)
    {
        await ImageStore.Delete(tx, image.Id);
        await ImageQuota.Return(tx, image);
        await CloseSpan(tx, image.Id);
        await Note(tx, actor, "delete", image.Id);
        return image.BlobId;
    }

    /// <summary>The image, kept until commit, if the actor may change it.</summary>
    public static async Task<Image> ForChange(Tx tx, Actor actor, string id, string action)
    {
        var image = await ImageStore.VisibleForUpdate(tx, actor, id) ?? throw Image.Missing(id);
        image.RequireChange(actor, action);
        return image;
    }

    public Task OpenSpan(Tx tx, Image image) => UsageLedger.Open(
        tx, ids.Uuid(), ImageMeters.Stored, image.Id, image.Owner, image.Size ?? 0, "byte", $$"""{"disk_format":"{{image.DiskFormat}}"}""");

    public Task Note(Tx tx, Actor actor, string verb, string id, string? detail = null) => AuditLog.Note(tx, ids.Hex(), actor, verb, Resource, id, detail);

    private static Task CloseSpan(Tx tx, string id) => UsageLedger.Close(tx, ImageMeters.Stored, id);
}
