using Ciel.Core;
using Ciel.Core.Host;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Tests.ObjectStorage.Stored;

/// <summary>A bucket whose clock the test moves, with an account of its own of what it held: each change and when it was.</summary>
internal sealed class StoredBucket : IAsyncDisposable
{
    private static readonly Ids Ids = new(TimeProvider.System, new SystemSecrets());
    private readonly TestStore _store;
    private readonly List<(long At, long Bytes)> _changes = [];

    private StoredBucket(TestStore store) => _store = store;

    public static long Second => 1_000_000;

    public BucketRow Row { get; private set; } = null!;

    /// <summary>µs UTC.</summary>
    public long Now { get; private set; } = 1_800_000_000_000_000;

    public Db Db => _store.Db;

    /// <summary>Byte times µs that were held until now.</summary>
    public Int128 Held => _changes.Aggregate(Int128.Zero, (sum, c) => sum + ((Int128)c.Bytes * (Now - c.At)));

    public static async Task<StoredBucket> Open(string kind)
    {
        var bucket = new StoredBucket(await TestStore.Open(kind, [.. UsageLedger.Migrations, .. Schema.Migrations]));
        await bucket.Make();
        return bucket;
    }

    /// <summary>The store as another controller has it.</summary>
    public Db Another() => _store.Again();

    public void Pass(long span) => Now += span;

    /// <summary>Another bucket, from zero.</summary>
    public Task Make()
    {
        _changes.Clear();
        Row = new BucketRow { Id = Ids.Uuid(), Name = Ids.Uuid(), ProjectId = "p", OwnerName = "p" };
        return Db.Write(tx => BucketStore.Insert(tx, Row));
    }

    /// <summary>An object's commit, which began some µs ago.</summary>
    public Task Change(string key, long bytes, long ago = 0)
    {
        _changes.Add((Now - ago, bytes));
        return Db.Write(tx => UsageStore.Add(new TimedTx(tx, Now - ago), Row.Id, key, Math.Sign(bytes), bytes));
    }

    /// <summary>What the keeper does each minute.</summary>
    public Task Look(Db? controller = null, long ago = 0) => (controller ?? Db).Write(tx => StoredMeter.Write(new TimedTx(tx, Now - ago), Ids, Row.Id));

    public Task Delete() => Db.Write(async tx =>
    {
        await StoredMeter.End(new TimedTx(tx, Now), Ids, Row);
        await BucketStore.Delete(tx, Row.Id);
    });

    public Task<List<UsageSpan>> Spans() => Db.Read(async r => (await UsageReport.Spans(r, "p")).Where(s => s.ResourceId == Row.Id).ToList());

    /// <summary>Byte times µs that are on the ledger until now.</summary>
    public async Task<Int128> Billed() => UsageReport.Sums(await Spans(), Now).SingleOrDefault()?.UnitMicros ?? 0;

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
