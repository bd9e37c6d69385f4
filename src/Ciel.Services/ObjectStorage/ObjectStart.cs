using Ciel.Core.Keepers;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Lifecycle;
using Ciel.Services.ObjectStorage.Logging;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Swift;

namespace Ciel.Services.ObjectStorage;

/// <summary>Begins what must run from the first start on.</summary>
internal sealed class ObjectStart(Db db, ObjectBlobSweep sweep, LifecycleKeeper lifecycle, MeterKeeper meter, ExpiryKeeper expiry, UsageCounters counters, LogKeeper logs, KeeperBook keepers) : IObjectStart
{
    public async Task Bootstrap(CancellationToken cancel)
    {
        await counters.Begin(cancel);
        await db.Write(
            async tx =>
            {
                await sweep.Begin(tx, keepers);
                await lifecycle.Begin(tx, keepers);
                await meter.Begin(tx, keepers);
                await expiry.Begin(tx, keepers);
                await logs.Begin(tx, keepers);
            },
            cancel);
    }
}
