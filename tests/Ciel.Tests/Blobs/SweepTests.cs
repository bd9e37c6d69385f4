using Ciel.Core.Blobs;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Ciel.Tests.Trust;

namespace Ciel.Tests.Blobs;

public class SweepTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task What_no_row_names_is_gone_after_the_grace_and_nothing_else(string kind)
    {
        var time = new ManualTime();
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var files = new ModelFiles();
        var blobs = Stores.Open(files, time);
        var owner = new Owner();
        var sweep = new Sweep(blobs, owner);
        var bell = new KeeperBell();
        await store.Db.Write(tx => sweep.Begin(tx, new KeeperBook(bell)));
        await store.Db.Write(tx => sweep.Begin(tx, new KeeperBook(bell)));
        for (var i = 0; i < 600; i++)
        {
            var id = (await blobs.Put(new MemoryStream([1]), new BlobIntake(), default)).Id;
            if (i % 3 == 0) owner.Ids.Add(id);
        }

        time.Pass(BlobOptions.UsualGrace + TimeSpan.FromSeconds(1));
        var young = (await blobs.Put(new MemoryStream([2]), new BlobIntake(), default)).Id;
        var engine = new KeeperEngine(store.Db, bell, [sweep], TimeProvider.System, new Random(1), NullLogger.Instance);
        while (await engine.RunOnce(default))
        {
            // One turn sweeps a few shards.
        }

        files.Files.Keys.Select(f => Path.GetFileName(f)).ShouldBe(owner.Ids.Append(young), ignoreOrder: true);
        owner.Ids.Count.ShouldBe(200);
    }

    private sealed class Sweep(BlobStore blobs, Owner owner) : BlobSweep("test", blobs, owner);

    private sealed class Owner : IBlobOwner
    {
        public HashSet<string> Ids { get; } = [];

        public Task<IReadOnlyCollection<string>> Owned(Reader reader, IReadOnlyCollection<string> blobIds) =>
            Task.FromResult<IReadOnlyCollection<string>>([.. blobIds.Where(Ids.Contains)]);
    }
}
