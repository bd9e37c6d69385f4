using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Tests.Trust;

namespace Ciel.Tests.Blobs;

/// <summary>
/// The power goes between any two steps of a life of blobs and their rows, on a disk that may lose, keep or tear whatever was not
/// synced. Acknowledged blobs are whole, no row names anything torn, and no orphan outlives the grace. Each sync is needed, and in time.
/// </summary>
public class PowerCutTests
{
    private static readonly byte[] Content = Stores.Bytes(BlobTrailer.Block + 100);

    [Fact]
    public async Task Whenever_the_power_goes_nothing_that_was_promised_is_lost_or_torn() =>
        (await Violations(Forgets.Nothing)).ShouldBeEmpty();

    [Theory]
    [InlineData(Forgets.SyncOfFiles)]
    [InlineData(Forgets.SyncOfShards)]
    [InlineData(Forgets.SyncOfFolder)]
    [InlineData(Forgets.SyncOfRoot)]
    [InlineData(Forgets.SyncOfDataDirectory)]
    [InlineData(Forgets.SyncOfRows)]
    [InlineData(Forgets.SyncOfFilesInTime)]
    [InlineData(Forgets.SyncOfShardsInTime)]
    [InlineData(Forgets.OrderOfRowAndDelete)]
    public async Task A_store_that_forgets_one_sync_or_its_order_is_caught(Forgets forgets) =>
        (await Violations(forgets)).ShouldNotBeEmpty();

    [Fact]
    public async Task Relaxed_bytes_may_be_lost_and_are_never_read_torn()
    {
        var disk = new ModelFiles();
        var blobs = Stores.Open(disk);
        var id = (await blobs.Put(new MemoryStream(Content), new BlobIntake { Relaxed = true }, default)).Id;
        (await blobs.Whole(id)).ShouldBe(Content);
        var lost = 0;
        foreach (var fate in Fate.All(1))
        {
            var back = Stores.Open(disk.Reboot(fate.Survives, fate.Bytes));
            try
            {
                (await back.Whole(id)).ShouldBe(Content, fate.Name);
            }
            catch (Fault fault)
            {
                fault.Status.ShouldBeOneOf(404, 500);
                lost++;
            }
        }

        lost.ShouldBeGreaterThan(2, "else it was synced after all");
    }

    private static async Task<List<string>> Violations(Forgets forgets)
    {
        var found = new List<string>();
        var all = new ModelFiles();
        await new Life(all, forgets).Run();
        foreach (var cut in Enumerable.Range(1, all.Steps + 1).Where(IsWorthIt).TakeWhile(_ => found.Count == 0))
        {
            var life = new Life(new ModelFiles { CutAt = cut }, forgets);
            await life.Run();
            foreach (var fate in Fate.All(cut))
            {
                found.AddRange((await life.Check(fate)).Select(v => $"cut at {cut}, {fate.Name}: {v}"));
            }
        }

        return found;
    }

    // The folders of the shards are made one after the other, each as good as the next.
    private static bool IsWorthIt(int cut) => cut is <= 5 or 100 or >= 255;

    /// <summary>What the cut does to what was not synced.</summary>
    private sealed record Fate(string Name, Func<string, bool> Survives, double Bytes, bool Rows)
    {
        public static IEnumerable<Fate> All(int seed)
        {
            yield return new Fate("all of it is lost", _ => false, 0, false);
            yield return new Fate("all of it is there", _ => true, 1, true);
            yield return new Fate("names are there, bytes are not", _ => true, 0, true);
            yield return new Fate("names are there, bytes in part", _ => true, 0.5, false);
            yield return new Fate("only rows are there", _ => false, 0, true);
            for (var i = 0; i < 4; i++)
            {
                var random = new Random((seed * 4) + i);
                yield return new Fate($"chance {i}", _ => random.Next(2) == 0, random.NextDouble(), random.Next(2) == 0);
            }
        }
    }

    private sealed class Life(ModelFiles disk, Forgets forgets)
    {
        private readonly ModelRows _rows = new(disk, syncs: forgets != Forgets.SyncOfRows);
        private readonly HashSet<string> _promised = [];
        private readonly HashSet<string> _gone = [];
        private readonly ManualTime _time = new();

        public async Task Run()
        {
            try
            {
                var blobs = Stores.Open(new Forgetful(disk, forgets), _time);
                var first = await Keep(blobs);
                var second = await Keep(blobs);
                Remove(blobs, first);
                blobs.Delete(await blobs.Put(Content));
                await Keep(blobs, replaces: second);
            }
            catch (PowerCutException)
            {
                disk.IsCut.ShouldBeTrue();
            }
        }

        public async Task<List<string>> Check(Fate fate)
        {
            var found = new List<string>();
            var back = disk.Reboot(fate.Survives, fate.Bytes);
            var rows = _rows.Reboot(fate.Rows);
            found.AddRange(_promised.Except(rows).Select(id => $"{id} was promised and has no row"));
            found.AddRange(_gone.Intersect(rows).Select(id => $"{id} was deleted and has a row"));
            var blobs = Stores.Open(back, _time, seed: 2);
            found.AddRange(rows.Where(id => !back.Blobs.ContainsKey(id[^2..] + "/" + id)).Select(id => $"{id} has a row and no bytes"));
            foreach (var id in back.Blobs.Keys.Select(f => Path.GetFileName(f)).Where(rows.Contains))
            {
                if (!await IsWhole(blobs, id)) found.Add($"{id} is torn");
            }

            Sweep(blobs, rows);
            found.AddRange(back.Files.Keys.Where(f => !rows.Contains(Path.GetFileName(f))).Select(f => $"{f} outlives the grace"));
            return found;
        }

        private async Task<string> Keep(BlobStore blobs, string? replaces = null)
        {
            var id = await blobs.Put(Content);
            _promised.Remove(replaces ?? "");
            _rows.Commit(id, replaces);
            Forget(blobs, replaces);
            _promised.Add(id);
            return id;
        }

        private void Remove(BlobStore blobs, string id)
        {
            _promised.Remove(id);
            if (forgets == Forgets.OrderOfRowAndDelete)
            {
                blobs.Delete(id);
            }

            _rows.Commit(null, id);
            Forget(blobs, id);
        }

        private void Forget(BlobStore blobs, string? id)
        {
            if (id is not null)
            {
                _gone.Add(id);
                blobs.Delete(id);
            }
        }

        private void Sweep(BlobStore blobs, HashSet<string> rows)
        {
            _time.Pass(BlobOptions.UsualGrace + TimeSpan.FromSeconds(1));
            foreach (var id in BlobStore.Shards.SelectMany(s => blobs.Old(s, BlobOptions.UsualGrace)).Where(id => !rows.Contains(id)))
            {
                blobs.Delete(id);
            }
        }

        private static async Task<bool> IsWhole(BlobStore blobs, string id)
        {
            try
            {
                return (await blobs.Whole(id)).SequenceEqual(Content);
            }
            catch (Fault fault) when (fault.Kind == "DataDamaged")
            {
                return false;
            }
        }
    }
}
