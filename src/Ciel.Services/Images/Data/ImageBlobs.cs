using Ciel.Core.Blobs;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Data;

/// <summary>Which blobs images name.</summary>
internal sealed class ImageBlobs : IBlobRows
{
    public Task<IReadOnlyCollection<string>> Owned(Reader reader, IReadOnlyCollection<string> blobIds) => UploadStore.Owned(reader, blobIds);

    public Task<IReadOnlyList<string>> After(Reader reader, string after, int most) => UploadStore.BlobsAfter(reader, after, most);
}

/// <summary>Removes the bytes that no image names.</summary>
internal sealed class ImageBlobSweep(BlobStore blobs, ImageBlobs owner) : BlobSweep("image", blobs, owner);
