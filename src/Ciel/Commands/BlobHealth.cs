using System.Globalization;
using Ciel.Agent.Contract;
using Ciel.Core.Blobs;
using Ciel.Core.Host;
using Ciel.Hosting;
using Ciel.Services;

namespace Ciel.Commands;

/// <summary>What the doctor says of each service's blobs: when they were last scrubbed, and which are damaged.</summary>
internal static class BlobHealth
{
    public static IEnumerable<BlobInspection> Inspections(CielOptions options, TimeProvider time) =>
        AllServices.Modules.SelectMany(m => m.Blobs).Select(h => BlobInspection.Of(h, ServiceOptions.Blobs(options), time, new SystemSecrets()));

    public static async Task<IReadOnlyList<NodeFeature>> Look(CielOptions options, TimeProvider time, CancellationToken cancel)
    {
        if (options.Postgres is null && !File.Exists(Path.Combine(options.Data, BackupCommand.Store)))
        {
            return [];
        }

        var features = new List<NodeFeature>(BlobInspection.GoneDisks(ServiceOptions.Blobs(options)).Select(Gone));
        await using var db = StoreOpener.Open(options, new Setting(time, SeededChance.New(), new SystemSecrets()));
        foreach (var blobs in Inspections(options, time))
        {
            features.Add(Feature(blobs, await db.Read(r => ScrubState.Of(r, blobs.Service), cancel)));
        }

        return features;
    }

    private static NodeFeature Gone(string disk) => new(
        "blob disk " + disk,
        false,
        "is not there. What lies only on it cannot be read, what has a copy is read from that, and new blobs go to the other disks. Mount it and start Ciel again; or, if it is lost and copies are kept, start with another --blob-disk, and the scrub makes the copies anew.");

    private static NodeFeature Feature(BlobInspection blobs, ScrubState? scrub)
    {
        var damaged = blobs.Damaged();
        var sound = damaged.Count == 0;
        return new NodeFeature(
            "blobs of " + blobs.Service,
            sound,
            Scrubbed(scrub) + (sound ? "" : $"; damaged and not handed out: {string.Join(", ", damaged.Select(d => d.Id))}. `ciel objects fsck` says more."));
    }

    private static string Scrubbed(ScrubState? scrub) => scrub switch
    {
        null => "never scrubbed: the program has not run yet",
        { Last: { } last } => string.Create(
            CultureInfo.InvariantCulture,
            $"scrubbed until {DateTimeOffset.UnixEpoch.AddMicroseconds(scrub.LastEnded):u}: {last.Blobs} blobs, {last.Bytes} bytes, {last.Damaged} damaged, {last.Mended} copies made anew{UnderWay(scrub)}"),
        _ => "first scrub under way" + UnderWay(scrub),
    };

    private static string UnderWay(ScrubState scrub) => scrub.Shard == 0 ? "" : $"; the next is at {scrub.Shard * 100 / 256} %";
}
