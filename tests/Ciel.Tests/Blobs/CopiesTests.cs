using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Tests.Blobs;

/// <summary>Blobs on several disks: spread, copied, read from the other copy, mended.</summary>
public sealed class CopiesTests : IDisposable
{
    private static readonly byte[] Content = Stores.Bytes((3 * BlobTrailer.Block) + 5);
    private readonly ModelFiles[] _disks = [new() { Error = 5 }, new() { Error = 5 }, new() { Error = 5 }];
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ciel-disks-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task New_blobs_take_the_disks_in_turn_and_each_has_its_copies_on_different_ones()
    {
        var blobs = Open(copies: 2);
        for (var i = 0; i < 30; i++)
        {
            blobs.Holding(await blobs.Put(Content)).Count.ShouldBe(2);
        }

        _disks.ShouldAllBe(d => d.Blobs.Count >= 15);
    }

    [Fact]
    public async Task A_damaged_copy_is_read_from_the_other_disk_and_mended()
    {
        var blobs = Open(copies: 2);
        var id = await blobs.Put(Content);
        var bad = Nodes(id).First();
        bad.Flip(2 * BlobTrailer.Block);
        (await blobs.Whole(id)).ShouldBe(Content);
        foreach (var disk in blobs.Holding(id))
        {
            blobs.Verify(id, 0, long.MaxValue, default, disk).Bad.ShouldBe(0);
        }

        blobs.Damages.ShouldBeEmpty();
        Nodes(id).ShouldNotContain(bad);
    }

    [Fact]
    public async Task Every_copy_alone_outlives_a_power_cut_that_loses_all_that_was_not_synced()
    {
        var blobs = Open(copies: 2);
        var id = await blobs.Put(Content);
        foreach (var disk in _disks.Where(d => d.Blobs.Count > 0))
        {
            (await Stores.Open(disk.Reboot(_ => false)).Whole(id)).ShouldBe(Content);
        }

        blobs = Open(copies: 3, prepare: false);
        blobs.Spread(id).ShouldBe(1);
        _disks.ShouldAllBe(d => d.Reboot(_ => false, 0).Blobs.Count == 1);
    }

    [Fact]
    public async Task Where_every_copy_is_damaged_nothing_wrong_is_handed_out()
    {
        var blobs = Open(copies: 2);
        var id = await blobs.Put(Content);
        foreach (var node in Nodes(id))
        {
            node.Flip(100);
        }

        (await Should.ThrowAsync<Fault>(() => blobs.Whole(id))).Kind.ShouldBe("DataDamaged");
        blobs.Damages.ShouldHaveSingleItem().Id.ShouldBe(id);
        Nodes(id).Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_disk_that_fails_at_any_step_is_left_out_of_puts_and_reads()
    {
        var healthy = Open(copies: 2, disks: [new ModelFiles(), new ModelFiles()]);
        await healthy.Put(Content);
        var steps = 0;
        for (var step = 1; step <= 12; step++)
        {
            ModelFiles[] pair = [new() { Error = 5 }, new() { Error = 5 }];
            var blobs = Open(copies: 2, disks: pair);
            (pair[1].FailAt, pair[1].FailsOn) = (pair[1].Steps + step, true);
            var id = await blobs.Put(Content);
            (await blobs.Whole(id)).ShouldBe(Content, $"step {step}");
            steps += pair[1].Steps;
        }

        steps.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_scrub_makes_missing_copies_and_mends_damaged_ones()
    {
        await using var store = await TestStore.Open("sqlite", KeeperBook.Migrations);
        var blobs = Open(copies: 1);
        var (alone, sick) = (await blobs.Put(Content), await blobs.Put(Content));
        blobs = Open(copies: 2, prepare: false);
        blobs.Spread(sick).ShouldBe(1);
        Nodes(sick).First().Flip(7);
        var state = new ScrubState();
        while (state.Last is null)
        {
            var row = new KeeperRow { Id = "test.blob-scrub", Kind = "test", Step = "scrub", Frame = state.Text() };
            state = ScrubState.Parse((await new BlobScrub(blobs, new Everyone()).Scrub(new Turn(row, store.Db, 1, 1, default))).Frame!);
        }

        (state.Last.Damaged, state.Last.Mended).ShouldBe((0, 2));
        foreach (var id in (string[])[alone, sick])
        {
            blobs.Holding(id).Count.ShouldBe(2);
            blobs.Holding(id).ShouldAllBe(disk => blobs.Verify(id, 0, long.MaxValue, default, disk).Bad == 0);
        }
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_from_every_disk()
    {
        var blobs = Open(copies: 2);
        blobs.Delete(await blobs.Put(Content));
        _disks.ShouldAllBe(d => d.Files.Count == 0);
    }

    [Fact]
    public async Task A_full_disk_is_passed_over_and_only_when_all_are_full_is_it_507()
    {
        var blobs = Open(copies: 1);
        (_disks[0].Free, _disks[2].Free) = (0, 0);
        blobs.Holding(await Put(blobs)).ShouldHaveSingleItem().Name.ShouldBe("disk1");
        _disks[1].Free = 0;
        (await Should.ThrowAsync<Fault>(() => Put(blobs))).Status.ShouldBe(507);
    }

    [Fact]
    public async Task A_disk_that_is_not_mounted_is_named_and_nothing_is_written_below_its_mount_point()
    {
        var (root, more) = (_directory.CreateSubdirectory("root").FullName, _directory.CreateSubdirectory("more").FullName);
        var options = new BlobOptions(root) { Reserve = 0, Copies = 2, Disks = [more] };
        var id = await Real(options).Put(Content);
        BlobInspection.GoneDisks(options).ShouldBeEmpty();
        Directory.Move(more, more + ".away");
        Directory.CreateDirectory(more);
        var without = Real(options);
        BlobInspection.GoneDisks(options).ShouldBe([more]);
        (await without.Whole(id)).ShouldBe(Content);
        var alone = await without.Put(Content);
        Directory.EnumerateFileSystemEntries(more).ShouldBeEmpty();
        Directory.Delete(more);
        Directory.Move(more + ".away", more);
        var again = Real(options);
        again.Spread(alone).ShouldBe(1);
        again.Holding(alone).Select(d => d.Name).ShouldBe([root, more]);
        BlobInspection.Directories(options).ShouldBe([root, more]);
    }

    private static Task<string> Put(BlobStore blobs) => blobs.Put([1, 2, 3]);

    private static BlobStore Real(BlobOptions options) => BlobStore.Open(options, "test", Stores.Ids(), TimeProvider.System, NullLogger<BlobStore>.Instance);

    private BlobStore Open(int copies, ModelFiles[]? disks = null, bool prepare = true)
    {
        var options = Stores.NoReserve with { Copies = copies, Reserve = 1 };
        return prepare
            ? Stores.Open([.. disks ?? _disks], options: options)
            : new BlobStore([.. (disks ?? _disks).Select((d, n) => new BlobDisk($"disk{n}", d))], options, "test", Stores.Ids(), TimeProvider.System, NullLogger.Instance);
    }

    private IEnumerable<ModelFiles.Node> Nodes(string id) => _disks.SelectMany(d => d.Blobs.Where(b => b.Key.EndsWith(id, StringComparison.Ordinal)).Select(b => b.Value));

    private sealed class Everyone : IBlobOwner
    {
        public Task<IReadOnlyCollection<string>> Owned(Reader reader, IReadOnlyCollection<string> blobIds) => Task.FromResult(blobIds);
    }
}
