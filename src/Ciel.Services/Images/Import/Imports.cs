using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Import;

/// <summary>Imports. Staged bytes were inspected and hashed when they came, so an import is one transaction and never fails later.</summary>
internal sealed class Imports(ImageBook book, Ids ids)
{
    public async Task Run(Tx tx, Actor actor, string imageId, ImportRequest request)
    {
        var image = await ImageBook.ForChange(tx, actor, imageId, "import data for");
        if (request.Method == ImportMethods.Direct)
        {
            await Activate(tx, image);
        }
        else if (image.Status != Statuses.Active)
        {
            throw Fault.Conflict("Only images with status active can be targeted for copying");
        }

        await ImageStore.SetProperty(tx, imageId, "os_glance_importing_to_stores", "");
        await ImageStore.SetProperty(tx, imageId, "os_glance_failed_import", "");
        await TaskStore.Insert(tx, Succeeded(tx.Now, actor, image, request));
        await book.Note(tx, actor, "import", imageId, request.Method);
    }

    private async Task Activate(Tx tx, Image image)
    {
        if (image is not { Status: Statuses.Uploading, BlobId: not null, UploadId: null })
        {
            throw Fault.Conflict(image.Status == Statuses.Uploading
                ? "The data of this image is still being staged."
                : "Only images with status uploading can be targeted for import. Stage the data first.");
        }

        await ImageStore.SetStatus(tx, image.Id, Statuses.Active);
        await book.OpenSpan(tx, image);
    }

    private ImportTask Succeeded(long now, Actor actor, Image image, ImportRequest request) => new()
    {
        Id = ids.Uuid(),
        ImageId = image.Id,
        Owner = actor.ProjectId ?? image.Owner,
        UserId = actor.UserId,
        RequestId = actor.RequestId,
        Status = "success",
        Input = Input(image, request),
        Message = request.Method == ImportMethods.Copy ? "The image is in every store already." : "",
        CreatedAt = now,
        UpdatedAt = now,
        ExpiresAt = now + (long)ImportTask.Kept.TotalMicroseconds,
    };

    private static string Input(Image image, ImportRequest request) => JsonSerializer.Serialize(new
    {
        import_req = new { method = new { name = request.Method }, stores = (string[])[ImageDoor.Store], all_stores = request.AllStores },
        image_id = image.Id,
        backend = (string[])[ImageDoor.Store],
    });
}
