using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage;

/// <summary>Begins what must run from the first start on.</summary>
internal sealed class ObjectStart(Db db, ObjectBlobSweep sweep, KeeperBook keepers) : IObjectStart
{
    public Task Bootstrap(CancellationToken cancel) => db.Write(tx => sweep.Begin(tx, keepers), cancel);
}
