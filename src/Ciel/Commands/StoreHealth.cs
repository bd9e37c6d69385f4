using System.Globalization;
using Ciel.Agent.Contract;
using Ciel.Core.Store;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>What the doctor says of the store and the disk that it lies on.</summary>
internal static class StoreHealth
{
    private const long Little = 1L << 30;

    public static async Task<IReadOnlyList<NodeFeature>> Look(CielOptions options, TimeProvider time)
    {
        var free = new DriveInfo(options.Data).AvailableFreeSpace;
        var space = new NodeFeature("disk space", free >= Little, $"{Gibibytes(free)} GiB free under {options.Data}" + (free >= Little ? "" : ": images and machines' disks will not fit. Free some, or move --data."));
        var file = Path.Combine(options.Data, BackupCommand.Store);
        return options.Postgres is not null || !File.Exists(file) ? [space] : [space, await Store(options, file, time)];
    }

    private static async Task<NodeFeature> Store(CielOptions options, string file, TimeProvider time)
    {
        await using var db = (SqliteDb)StoreOpener.Open(options, RealSetting.With(time));
        var failure = db.Checkpoint();
        var log = new FileInfo(file + "-wal");
        var sizes = $"{Gibibytes(new FileInfo(file).Length)} GiB, write-ahead log {Gibibytes(log.Exists ? log.Length : 0)} GiB";
        return new NodeFeature("store", failure is null, failure is null ? sizes : $"{sizes}: it cannot be folded into the file ({failure.Message}) and grows. Look at the disk.");
    }

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.00", CultureInfo.InvariantCulture);
}
