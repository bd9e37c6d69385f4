using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Restoring from an archive, which is never needed, and what Amazon S3 itself no longer offers to new customers.</summary>
internal sealed class RestoreApi(ObjectLookup lookup) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("RestoreObject", "POST", Scope.Object, Restore) { Marker = "restore" },
        new Operation("SelectObjectContent", "POST", Scope.Object, Select) { Marker = "select" },
        new Operation("GetObjectTorrent", "GET", Scope.Object, Torrent) { Marker = "torrent" },
    ];

    private async Task Restore(S3Call call)
    {
        var row = await lookup.Find(call, "s3:RestoreObject", "RESTORE");
        _ = await XmlInput.Read(call, "RestoreRequest");
        if (row.Details.StorageClass is not ("GLACIER" or "DEEP_ARCHIVE"))
        {
            throw new S3Fault(403, "InvalidObjectState", "Restore is not allowed for the object's current storage class. It can be read as it is.") { Extra = [("StorageClass", row.Details.StorageClass)] };
        }

        // Objects of all classes lie on the same disks: it is there already, which S3 tells by 200 instead of 202.
        await call.Empty();
    }

    private async Task Select(S3Call call)
    {
        _ = await lookup.Require(call, "s3:GetObject", "READ");
        throw new S3Fault(405, "MethodNotAllowed", "S3 Select is not offered here; Amazon closed it to new customers, too. Get the object, or ranges of it, and filter it at the client.");
    }

    private async Task Torrent(S3Call call)
    {
        _ = await lookup.Require(call, "s3:GetObjectTorrent", "READ");
        throw new S3Fault(404, "NoSuchKey", "There is no torrent of this object: BitTorrent is not offered here, and Amazon S3 gave it up, too. Get the object itself; a presigned URL shares it.");
    }
}
