using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Images.Data;

/// <summary>Redeems nodes' tickets: a download names a blob, an upload names the queued image that it fills.</summary>
internal sealed class Tickets(TicketSeal seal, Db db, BlobStore blobs, Uploads uploads, Ids ids) : IBlobTickets
{
    public Task<Stream> Fetch(string ticket, CancellationToken cancel) => Task.FromResult(blobs.Get(seal.Check(TicketSeal.Download, ticket)).AsStream());

    public async Task Store(string ticket, Stream content, CancellationToken cancel)
    {
        var imageId = seal.Check(TicketSeal.Upload, ticket);
        // The sender may repeat itself because our answer was lost.
        if (await db.Read(r => ImageStore.Find(r, imageId), cancel) is { HasData: true })
        {
            return;
        }

        await uploads.FileAgain(SystemActor.New(ids), imageId, content, cancel);
    }
}
