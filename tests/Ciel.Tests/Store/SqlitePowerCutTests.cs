using Ciel.Core.Store;

namespace Ciel.Tests.Store;

/// <summary>
/// The power goes after any step that SQLite takes below our store, on a disk that loses, keeps or tears what was not synced. What a write returned for is there;
/// and without any one kind of sync it is not.
/// </summary>
public sealed class SqlitePowerCutTests : IDisposable
{
    private const int Rounds = 14;
    private const int Keys = 3;
    private static readonly Migration Table = new("power", 1, ["CREATE TABLE power (id text NOT NULL PRIMARY KEY, value bigint NOT NULL, ballast text NOT NULL)"]);
    private readonly DirectoryInfo _directory = TestDirectory.Create("ciel-power-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task What_was_answered_survives_every_cut() => (await Violations(null)).ShouldBeNull();

    [Theory]
    [InlineData("ciel.db-wal")]
    [InlineData("ciel.db")]
    public async Task Without_the_syncs_of_a_file_something_is_lost(string file) => (await Violations(file)).ShouldNotBeNull();

    private async Task<string?> Violations(string? unsynced)
    {
        var log = await Live();
        for (var cut = 1; cut <= log.Count; cut++)
        {
            foreach (var fate in Enumerable.Range(0, 4))
            {
                if (await Check(log, cut, fate, unsynced) is { } found)
                {
                    return $"cut after {cut} of {log.Count}, fate {fate}: {found}";
                }
            }
        }

        return null;
    }

    private async Task<List<DiskStep>> Live()
    {
        var place = _directory.CreateSubdirectory("live").FullName;
        var log = RecordingVfs.Watch(place);
        await using (var db = SqliteDb.Open(Path.Combine(place, "ciel.db"), TimeProvider.System))
        {
            await Migrations.Apply(db, [Table]);
            RecordingVfs.Note(place, "ready");
            for (var round = 1; round <= Rounds; round++)
            {
                await Task.WhenAll(Enumerable.Range(0, Keys).Select(async key =>
                {
                    var value = round;
                    await db.Write(tx => tx.Execute(
                        "INSERT INTO power (id, value, ballast) VALUES (@id, @value, @ballast) ON CONFLICT (id) DO UPDATE SET value = excluded.value, ballast = excluded.ballast",
                        new { id = $"k{key}", value, ballast = new string((char)('a' + value), 3000) }));
                    RecordingVfs.Note(place, $"k{key}={value}");
                }));
                if (round % 4 == 0)
                {
                    db.Checkpoint().ShouldBeNull();
                }
            }
        }

        RecordingVfs.Forget(place);
        log.ShouldContain(s => s.Kind == "sync" && s.File == "ciel.db");
        return log;
    }

    // The fates of what was not synced: lost; there; each write by chance; each by chance and torn in the middle.
    private async Task<string?> Check(List<DiskStep> log, int cut, int fate, string? unsynced)
    {
        var answered = log.Take(cut).Where(s => s.Kind == "note" && s.File.Contains('=')).Select(s => s.File.Split('=')).GroupBy(p => p[0]).ToDictionary(g => g.Key, g => g.Max(p => long.Parse(p[1])));
        if (!log.Take(cut).Any(s => s is { Kind: "note", File: "ready" }))
        {
            return null;
        }

        var place = _directory.CreateSubdirectory("after");
        var random = new Random((cut * 4) + fate);
        foreach (var name in (string[])["ciel.db", "ciel.db-wal"])
        {
            if (Crashed(log.Take(cut).Where(s => s.File == name), fate, name == unsynced, random) is { Length: > 0 } bytes)
            {
                await File.WriteAllBytesAsync(Path.Combine(place.FullName, name), bytes);
            }
        }

        var found = await Look(place.FullName, answered);
        place.Delete(recursive: true);
        return found;
    }

    private static byte[] Crashed(IEnumerable<DiskStep> steps, int fate, bool unsynced, Random random)
    {
        var (durable, pending) = (Array.Empty<byte>(), new List<DiskStep>());
        foreach (var step in steps)
        {
            if (step.Kind == "sync" && !unsynced)
            {
                durable = pending.Aggregate(durable, (bytes, s) => Apply(bytes, s, s.Bytes.Length));
                pending.Clear();
            }
            else if (step.Kind == "delete")
            {
                (durable, pending) = ([], []);
            }
            else if (step.Kind is "write" or "truncate")
            {
                pending.Add(step);
            }
        }

        return pending.Where(_ => fate switch { 0 => false, 1 => true, _ => random.Next(2) == 0 })
            .Aggregate(durable, (bytes, s) => Apply(bytes, s, fate == 3 ? s.Bytes.Length / 2 : s.Bytes.Length));
    }

    private static byte[] Apply(byte[] to, DiskStep step, int count)
    {
        if (step.Kind == "truncate")
        {
            Array.Resize(ref to, (int)step.At);
            return to;
        }

        var copy = to.ToArray();
        Array.Resize(ref copy, (int)Math.Max(copy.Length, step.At + count));
        step.Bytes.AsSpan(0, count).CopyTo(copy.AsSpan((int)step.At));
        return copy;
    }

    private static async Task<string?> Look(string place, Dictionary<string, long> answered)
    {
        try
        {
            await using var db = SqliteDb.Open(Path.Combine(place, "ciel.db"), TimeProvider.System);
            var rows = await db.Read(r => r.Query<(string Id, long Value, string Ballast)>("SELECT id, value, ballast FROM power"));
            var whole = await db.Read(r => r.Scalar<string>("PRAGMA integrity_check"));
            return whole != "ok" ? whole
                : rows.FirstOrDefault(r => r.Ballast != new string((char)('a' + r.Value), 3000)).Id is { } torn ? torn + " is torn"
                : answered.FirstOrDefault(a => !rows.Any(r => r.Id == a.Key && r.Value >= a.Value)).Key is { } lost ? lost + " was answered and is lost" : null;
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or IOException or StoreBusyException)
        {
            return e.Message;
        }
    }
}
