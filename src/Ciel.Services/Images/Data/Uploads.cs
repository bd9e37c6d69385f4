using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Core.Keepers;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Images.Formats;
using Microsoft.Extensions.Logging;

namespace Ciel.Services.Images.Data;

/// <summary>
/// The one way by which bytes come into an image: a claim on the row, the bytes through inspection into a blob, and one transaction
/// that gives the image its bytes. Whatever fails, the image is queued again and no bytes stay.
/// </summary>
internal sealed partial class Uploads(Db db, BlobStore blobs, ImageBook book, KeeperBook keepers, Ids ids, TimeProvider time, ILogger<Uploads> log)
{
    private const long LargestImage = 4L << 40;

    /// <summary>Fills a queued image and makes it active.</summary>
    public Task File(Actor actor, string imageId, Stream content, long? length, CancellationToken cancel) =>
        Receive(actor, imageId, Statuses.Saving, Statuses.Active, takeOver: false, content, length, cancel);

    /// <summary>Takes a queued image's bytes for a later import.</summary>
    public Task Stage(Actor actor, string imageId, Stream content, long? length, CancellationToken cancel) =>
        Receive(actor, imageId, Statuses.Uploading, Statuses.Uploading, takeOver: false, content, length, cancel);

    /// <summary>As <see cref="File"/>, taking over from an earlier attempt of the same sender.</summary>
    public Task FileAgain(Actor actor, string imageId, Stream content, CancellationToken cancel) =>
        Receive(actor, imageId, Statuses.Saving, Statuses.Active, takeOver: true, content, null, cancel);

    private async Task Receive(
        Actor actor, string imageId, string during, string after, bool takeOver, Stream content, long? length, CancellationToken cancel)
    {
        var uploadId = ids.Uuid();
        var upload = await db.Write(tx => Claim(tx, actor, imageId, uploadId, during, takeOver), cancel);
        await using var lease = new UploadLease(db, uploadId, time, log);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, lease.Lost);
            await Store(upload, actor, after, content, length, either.Token);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw Lost(imageId);
        }
        catch
        {
            await Release(uploadId);
            throw;
        }
    }

    private async Task<Upload> Claim(Tx tx, Actor actor, string imageId, string uploadId, string during, bool takeOver)
    {
        var image = await ImageBook.ForChange(tx, actor, imageId, "upload data for");
        if (image.Status != Statuses.Queued && !(takeOver && image.Status == during))
        {
            throw Fault.Conflict($"Image status transition from {image.Status} to {during} is not allowed");
        }

        if (image.DiskFormat is null || image.ContainerFormat is null)
        {
            throw Fault.BadRequest("Properties disk_format, container_format must be set prior to saving data.");
        }

        await UploadStore.Begin(tx, imageId, during, uploadId, UploadLease.UntilMicros(tx.Now));
        await keepers.Begin(tx, UploadKeeper.KindName, uploadId, UploadKeeper.First);
        return new Upload(uploadId, image, await ImageQuota.Room(tx, image.Owner));
    }

    private async Task Store(Upload upload, Actor actor, string after, Stream content, long? length, CancellationToken cancel)
    {
        var watch = new FormatWatch(upload.Image.DiskFormat!, upload.Image.ContainerFormat is "bare" or "ami" or "aki" or "ari");
        var intake = new BlobIntake { MaxBytes = Math.Min(upload.Room, LargestImage), Length = length, Watch = watch.Watch };
        var blob = await blobs.Put(content, intake, cancel);
        try
        {
            var virtualSize = watch.Finish();
            // From here on the client's leave changes nothing: the bytes are here.
            await db.Write(tx => Finish(tx, upload, actor, after, blob, virtualSize), CancellationToken.None);
        }
        catch (Fault)
        {
            // Any other failure may hide a commit that was done; the sweep knows.
            blobs.Delete(blob.Id);
            throw;
        }
    }

    private async Task Finish(Tx tx, Upload upload, Actor actor, string after, BlobRef blob, long? virtualSize)
    {
        var image = await UploadStore.Finish(tx, upload.Id, after, blob, virtualSize) ?? throw Lost(upload.Image.Id);
        await ImageQuota.TakeBytes(tx, image.Owner, blob.Size);
        if (image.HasData)
        {
            await book.OpenSpan(tx, image);
        }

        await book.Note(tx, actor, image.HasData ? "upload" : "stage", image.Id);
        await keepers.Wake(tx, upload.Id);
    }

    private async Task Release(string uploadId)
    {
        try
        {
            await db.Write(
                async tx =>
                {
                    await UploadStore.Release(tx, uploadId);
                    await keepers.Wake(tx, uploadId);
                },
                CancellationToken.None);
        }
        catch (StoreBusyException e)
        {
            LogNotReleased(log, uploadId, e);
        }
    }

    private static Fault Lost(string imageId) => new(410, "Gone", $"Image {imageId} was deleted or taken over while its data came in; the data was not kept.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Upload {UploadId} could not be released; its keeper does so when the lease has ended")]
    private static partial void LogNotReleased(ILogger log, string uploadId, Exception e);
}
