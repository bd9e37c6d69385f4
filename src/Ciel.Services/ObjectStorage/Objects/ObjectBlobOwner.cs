using Ciel.Core.Blobs;
using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Says which blobs objects and parts still name.</summary>
internal sealed class ObjectBlobOwner : IBlobRows
{
    public async Task<IReadOnlyCollection<string>> Owned(Reader reader, IReadOnlyCollection<string> blobIds) => await VersionStore.KnownBlobs(reader, blobIds);

    public Task<IReadOnlyList<string>> After(Reader reader, string after, int most) => VersionStore.BlobsAfter(reader, after, most);
}

/// <summary>Sweeps the blobs that no object names.</summary>
internal sealed class ObjectBlobSweep(ObjectBlobs blobs) : BlobSweep("objects", blobs.Store, new ObjectBlobOwner());

/// <summary>The blobs of objects, apart from other services' in the container of parts.</summary>
internal sealed record ObjectBlobs(BlobStore Store);
