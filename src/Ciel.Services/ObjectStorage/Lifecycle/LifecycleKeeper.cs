using System.Text.Json;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Listing;
using Ciel.Services.ObjectStorage.Locking;
using Ciel.Services.ObjectStorage.Multipart;
using Ciel.Services.ObjectStorage.Objects;
using Microsoft.Extensions.Logging;

namespace Ciel.Services.ObjectStorage.Lifecycle;

/// <summary>Carries out the lifecycle rules of all buckets: a page of versions each turn, all of them once an hour.</summary>
internal sealed partial class LifecycleKeeper(VersionBook book, UploadBook uploads, ObjectDoorOptions options, ILogger<LifecycleKeeper> log) : Keeper
{
    private const string First = "sweep";
    private const int Each = 500;

    public override string Kind => "object.lifecycle";

    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps => new Dictionary<string, Func<Turn, Task<Next>>> { [First] = Sweep };

    public override bool ForEver(string step) => true;

    public override Task<Next> Failed(Turn turn, string fault) => Task.FromResult(Again);

    /// <summary>Begins it where it is not begun yet.</summary>
    public Task Begin(Tx tx, KeeperBook keepers) => keepers.BeginOnce(tx, Kind, Kind, First);

    // A day may be shortened to try rules out; then the sweep must come as much more often.
    private Next Again => Next.Nap(options.LifecycleDay / 24) with { Frame = "{}" };

    private async Task<Next> Sweep(Turn turn)
    {
        var place = JsonSerializer.Deserialize<Place>(turn.Row.Frame)!;
        var bucket = await turn.Db.Read(r => BucketStore.WithLifecycle(r, place.Bucket, place.Key is not null), turn.Cancel);
        if (bucket is null)
        {
            return Again;
        }

        try
        {
            return await Sweep(turn, bucket, place);
        }
        catch (Exception e) when (e is not OperationCanceledException and not StoreBusyException)
        {
            // One tenant's bucket must not keep the rules of all others from being carried out.
            LogSkipped(log, bucket.Name, e);
            return Next.Hop(First) with { Frame = JsonSerializer.Serialize(new Place { Bucket = bucket.Name }) };
        }
    }

    private async Task<Next> Sweep(Turn turn, BucketRow bucket, Place place)
    {
        var rules = LifecycleRule.Parse(bucket[SettingKinds.Lifecycle]!).Where(r => r.Enabled).ToList();
        if (place.Key is null)
        {
            await AbortUploads(turn, bucket, rules);
        }

        var start = place.Bucket == bucket.Name && place.Key is not null ? place : new Place { Bucket = bucket.Name, Key = "", Rank = long.MinValue };
        var rows = await turn.Db.Read(r => ListStore.Whole(r, bucket.Id, new Position(start.Key!, start.Rank), Each), turn.Cancel);
        foreach (var row in rows)
        {
            start = start.Past(row);
            await Expire(turn, bucket, rules, row, start);
        }

        return Next.Hop(First) with { Frame = JsonSerializer.Serialize(rows.Count < Each ? new Place { Bucket = bucket.Name } : start) };
    }

    private async Task Expire(Turn turn, BucketRow bucket, List<LifecycleRule> rules, VersionRow row, Place place)
    {
        var tags = TagSet.Parse(row.Tags);
        var covering = rules.Where(r => r.Covers(row.ObjectKey, row.Size, row.Marker ? r.Tags : tags)).ToList();
        var (current, due) = row switch
        {
            { Latest: true, Marker: false } => (true, covering.Exists(r => r.Date <= turn.Now || (r.Days is { } days && Due(row.CreatedAt, days) <= turn.Now))),
            { Latest: true } => (false, covering.Exists(r => r.LoneMarkers || (r.Days is { } days && Due(row.CreatedAt, days) <= turn.Now)) && await IsAlone(turn, row)),
            _ => (false, covering.Exists(r => r.NoncurrentDays is { } days && place.Noncurrent > r.NewerNoncurrent && Due(place.Since, days) <= turn.Now)),
        };
        if (!due)
        {
            await Transit(turn, bucket, covering, row, place);
            return;
        }

        try
        {
            await book.Delete(Deed.Lifecycle, bucket, row.ObjectKey, current ? null : row.VersionId, (now, found) => Unchanged(turn, now, row, found, current), turn.Cancel);
        }
        catch (S3Fault)
        {
            // It is locked, or its bucket is gone: the next sweep looks again.
            return;
        }
    }

    // All classes lie on the same disks, so that only the name changes.
    private async Task Transit(Turn turn, BucketRow bucket, List<LifecycleRule> covering, VersionRow row, Place place)
    {
        var from = row.Latest ? row.CreatedAt : place.Since;
        var due = covering.SelectMany(r => row.Latest ? r.Transitions : r.NoncurrentTransitions).Select(t => (t.StorageClass, At: t.Date ?? Due(from, t.Days ?? 0)))
            .Where(t => t.At <= turn.Now).OrderBy(t => t.At).LastOrDefault().StorageClass;
        if (due is not null && !row.Marker && row.Details.StorageClass != due)
        {
            await book.Reclass(bucket, row, due, turn.Cancel);
        }
    }

    private static bool Unchanged(Turn turn, BucketRow bucket, VersionRow seen, VersionRow? found, bool current)
    {
        if (found?.Rank != seen.Rank || found.Latest != seen.Latest)
        {
            return false;
        }

        if (!current || !bucket.EverVersioned)
        {
            Retention.Check(found, turn.Now, bypass: false);
        }

        return true;
    }

    private async Task AbortUploads(Turn turn, BucketRow bucket, List<LifecycleRule> rules)
    {
        foreach (var rule in rules.Where(r => r.AbortDays is not null))
        {
            var before = turn.Now - (long)(options.LifecycleDay * Math.Min(rule.AbortDays!.Value, LifecycleRule.MostDays)).TotalMicroseconds;
            foreach (var upload in await turn.Db.Read(r => UploadStore.Older(r, bucket.Id, rule.Prefix, before, Each), turn.Cancel))
            {
                await turn.Db.Write(
                    async tx =>
                    {
                        if (await BucketStore.Hold(tx, bucket.Id) is { } held && await UploadStore.ForUpdate(tx, bucket.Id, upload.ObjectKey, upload.Id) is not null)
                        {
                            await uploads.Abort(tx, held, upload.ObjectKey, upload.Id);
                        }
                    },
                    turn.Cancel);
            }
        }
    }

    private static Task<bool> IsAlone(Turn turn, VersionRow row) => turn.Db.Read(async r => await VersionStore.Count(r, row.BucketId, row.ObjectKey) == 1, turn.Cancel);

    private long Due(long from, int days) => options.LifecycleDay == ObjectDoorOptions.Day ? ExpirationHeader.Due(from, days) : from + (long)(options.LifecycleDay * Math.Min(days, LifecycleRule.MostDays)).TotalMicroseconds;

    [LoggerMessage(Level = LogLevel.Error, Message = "The lifecycle rules of the bucket {Bucket} could not be carried out")]
    private static partial void LogSkipped(ILogger log, string bucket, Exception e);

    /// <summary>Where the sweep is, and what it knows of the key that it is in.</summary>
    internal sealed record Place
    {
        public string Bucket { get; init; } = "";

        public string? Key { get; init; }

        public long Rank { get; init; }

        /// <summary>How many noncurrent versions of the key were seen, this one included.</summary>
        public int Noncurrent { get; init; }

        /// <summary>Since when the version is noncurrent: the next newer one's instant, µs UTC.</summary>
        public long Since { get; init; }

        /// <summary>When the version was made that this place is at, µs UTC.</summary>
        public long CreatedAt { get; init; }

        public Place Past(VersionRow row)
        {
            var same = Key == row.ObjectKey;
            return this with
            {
                Key = row.ObjectKey,
                Rank = row.Rank,
                Noncurrent = row.Latest ? 0 : same ? Noncurrent + 1 : 1,
                Since = same ? CreatedAt : row.CreatedAt,
                CreatedAt = row.CreatedAt,
            };
        }
    }
}
