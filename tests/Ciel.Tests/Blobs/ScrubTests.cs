using Ciel.Core.Blobs;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Tests.Trust;

namespace Ciel.Tests.Blobs;

/// <summary>The scrub goes over everything a little at a time, finds what was changed, and says so.</summary>
public sealed class ScrubTests : IAsyncLifetime
{
    private const int Budget = 2 * 1024 * 1024;
    private readonly ModelFiles _files = new();
    private readonly ManualTime _time = new();
    private readonly Rows _rows = new();
    private TestStore _store = null!;
    private BlobStore _blobs = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.Open("sqlite", KeeperBook.Migrations);
        _blobs = Stores.Open(_files, _time, new BlobOptions("") { Reserve = 0, ReserveFiles = 0, ScrubRate = Budget / 2 });
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task It_verifies_all_in_turns_of_a_bounded_size_and_keeps_its_place()
    {
        foreach (var size in new[] { 0, 1, 100_000, 7_000_000, 300_000 })
        {
            await Kept(Stores.Bytes(size));
        }

        var (state, seen, turns) = (new ScrubState(), 0L, 0);
        for (; state.Last is null; turns++)
        {
            state = await Turn(state);
            var bytes = state.Last?.Bytes ?? state.Pass.Bytes;
            (bytes - seen).ShouldBeInRange(0, Budget + (4 * BlobTrailer.Block));
            seen = bytes;
        }

        state.Last.ShouldBe(new ScrubCount(5, 7_400_001, 0));
        turns.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task What_it_finds_is_listed_and_what_is_whole_again_or_gone_is_not()
    {
        var (sick, gone, fine) = (await Kept(Stores.Bytes(100_000)), await Kept([1]), await Kept([2]));
        Node(sick).Flip(70_000);
        Node(gone).Flip(0);
        (await Pass()).ShouldBe(new ScrubCount(3, 1, 2));
        _blobs.Damages.Select(d => d.Id).ShouldBe([sick, gone], ignoreOrder: true);
        Node(sick).Flip(70_000);
        _blobs.Delete(gone);
        (await Pass()).ShouldBe(new ScrubCount(2, 100_001, 0));
        _files.Files.Keys.ShouldNotContain(f => f.StartsWith("damaged/"));
        (await _blobs.Whole(fine)).ShouldBe([2]);
    }

    [Fact]
    public async Task A_blob_that_goes_in_the_middle_of_its_scrub_leaves_no_gap_in_the_next()
    {
        var first = await Kept(Stores.Bytes(5_000_000));
        var state = await Until(s => s.Offset > 0);
        state.Partly.ShouldBe(first);
        _blobs.Delete(first);
        string second;
        do
        {
            // One that the same shard holds.
            second = await Kept([1, 2, 3]);
        }
        while (second[^2..] != first[^2..]);

        Node(second).Flip(0);
        await Until(s => s.Last is not null, state);
        _blobs.Damages.ShouldHaveSingleItem().Id.ShouldBe(second);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task The_keeper_of_the_sweep_scrubs_too_and_its_row_shows_the_result(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var id = await Kept([1, 2, 3]);
        Node(id).Flip(1);
        var bell = new KeeperBell();
        var sweep = new Sweep(_blobs, _rows);
        (await store.Db.Read(r => ScrubState.Of(r, "test"))).ShouldBeNull();
        await store.Db.Write(tx => sweep.Begin(tx, new KeeperBook(bell)));
        var engine = new KeeperEngine(store.Db, bell, [sweep], TimeProvider.System, new Random(1), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        while (await engine.RunOnce(default))
        {
            // The sweep hops from shards to shards; the scrub needs one turn.
        }

        var state = await store.Db.Read(r => ScrubState.Of(r, "test"));
        state!.Last.ShouldBe(new ScrubCount(1, 0, 1));
        state.LastEnded.ShouldBeGreaterThan(0);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_check_finds_rows_without_bytes_bytes_without_rows_and_wrong_bytes(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await _blobs.Put(Stores.Bytes(1000 + i)));
        }

        _rows.Ids.UnionWith(ids[1..]);
        _time.Pass(BlobOptions.UsualGrace + TimeSpan.FromSeconds(1));
        await _blobs.Put([1]);
        _blobs.Delete(ids[1]);
        Node(ids[2]).Flip(77);
        var seen = new List<CheckProgress>();
        var inspection = new BlobInspection(_blobs, _rows);
        var found = await inspection.Check(store.Db, quick: false, seen.Add, default).ToListAsync();
        found.Select(p => (p.Kind, p.Id)).ShouldBe([(BlobProblem.NoBytes, ids[1]), (BlobProblem.NoRow, ids[0]), (BlobProblem.Damaged, ids[2])], ignoreOrder: true);
        seen[^1].ShouldBe(new CheckProgress("test", 256, 256, 3, 1003 + 1004));
        inspection.Damaged().ShouldHaveSingleItem().Id.ShouldBe(ids[2]);
        (await inspection.Check(store.Db, quick: true, seen.Add, default).ToListAsync()).Count.ShouldBe(2);
        Node(ids[2]).Flip(77);
        (await inspection.Check(store.Db, quick: false, seen.Add, default).ToListAsync()).Count.ShouldBe(2);
        inspection.Damaged().ShouldBeEmpty();
    }

    private async Task<string> Kept(byte[] content)
    {
        var id = await _blobs.Put(content);
        _rows.Ids.Add(id);
        return id;
    }

    [Fact]
    public async Task What_a_power_cut_left_torn_and_no_row_names_is_no_damage()
    {
        var torn = await _blobs.Put(Stores.Bytes(1000));
        _files.Blobs[torn[^2..] + "/" + torn].Bytes.RemoveRange(500, 532);
        (await Pass()).Damaged.ShouldBe(0);
        _blobs.Damages.ShouldBeEmpty();
    }

    private ModelFiles.Node Node(string id) => _files.Blobs[id[^2..] + "/" + id];

    private async Task<ScrubState> Turn(ScrubState state)
    {
        var row = new KeeperRow { Id = "test.blob-scrub", Kind = "test", Step = "scrub", Frame = state.Text() };
        return ScrubState.Parse((await new BlobScrub(_blobs, _rows).Scrub(new Turn(row, _store.Db, 1, 1, default))).Frame!);
    }

    private async Task<ScrubState> Until(Func<ScrubState, bool> done, ScrubState? from = null)
    {
        var state = from ?? new ScrubState();
        while (!done(state))
        {
            state = await Turn(state);
        }

        return state;
    }

    private async Task<ScrubCount> Pass() => (await Until(s => s.Last is not null)).Last!;

    private sealed class Sweep(BlobStore blobs, IBlobOwner owner) : BlobSweep("test", blobs, owner);

    private sealed class Rows : IBlobRows
    {
        public SortedSet<string> Ids { get; } = new(StringComparer.Ordinal);

        public Task<IReadOnlyCollection<string>> Owned(Reader reader, IReadOnlyCollection<string> blobIds) =>
            Task.FromResult<IReadOnlyCollection<string>>([.. blobIds.Where(Ids.Contains)]);

        public Task<IReadOnlyList<string>> After(Reader reader, string after, int most) =>
            Task.FromResult<IReadOnlyList<string>>([.. Ids.Where(id => string.CompareOrdinal(id, after) > 0).Take(most)]);
    }
}
