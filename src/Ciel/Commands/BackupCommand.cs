using System.CommandLine;
using System.Formats.Tar;
using System.IO.Compression;
using Ciel.Core.Blobs;
using Ciel.Core.Blobs.Host;
using Ciel.Core.Store;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel backup`: state and blobs of a running or stopped instance in one file. The root key is not in it.</summary>
internal static class BackupCommand
{
    /// <summary>The store's name in the archive.</summary>
    internal const string Store = "ciel.db";

    /// <summary>The directory of blobs, in the data directory and in the archive.</summary>
    internal const string Blobs = "blobs";

    public static Command Make(Globals globals, TimeProvider time)
    {
        var file = new Argument<FileInfo>("file") { Description = "Where to write it, such as ciel.tar.gz." };
        var command = new Command("backup", "Write state, images and settings to one file. Machines' disks and the root key (keep it apart) are not in it.") { file };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = globals.Known(parsed);
            if (options.Postgres is not null)
            {
                throw new UserErrorException("The state is in PostgreSQL: back it up with pg_dump, and the directory " + Path.Combine(options.Data, Blobs) + " after it.");
            }

            var target = parsed.GetValue(file)!;
            await Write(options, target.FullName, time, cancel);
            Console.WriteLine($"{target.FullName}: {new FileInfo(target.FullName).Length} bytes. To restore it you also need {options.RootKey}: keep a copy elsewhere.");
        });
        return command;
    }

    // The store first, the blobs after it: what the copied rows name is still there, because nothing is removed while the mark is set.
    private static async Task Write(CielOptions options, string target, TimeProvider time, CancellationToken cancel)
    {
        var copy = Path.Combine(options.Data, "backup.db");
        File.Delete(copy);
        using var mark = BackupMark.Set(ServiceOptions.Blobs(options), time);
        await using (var db = (SqliteDb)StoreOpener.Open(options, RealSetting.With(time)))
        {
            await db.BackupTo(copy, cancel);
        }

        var partial = target + ".new";
        await using (var zip = new GZipStream(PrivateFile.Open(partial, FileMode.Create), CompressionLevel.Fastest))
        await using (var tar = new TarWriter(zip))
        {
            await tar.WriteEntryAsync(copy, Store, cancel);
            await tar.WriteEntryAsync(Path.Combine(options.Data, Instance.FileName), Instance.FileName, cancel);
            await WriteBlobs(tar, BlobInspection.Directories(ServiceOptions.Blobs(options)), mark, cancel);
        }

        File.Delete(copy);
        File.Move(partial, target, overwrite: true);
    }

    // What lies on further disks is restored into the one directory; a second copy of a blob is not needed.
    private static async Task WriteBlobs(TarWriter tar, IReadOnlyList<string> directories, BackupMark mark, CancellationToken cancel)
    {
        var files = directories.Where(Directory.Exists)
            .SelectMany(d => Directory.GetFiles(d, "*", SearchOption.AllDirectories).Select(f => (File: f, Name: Path.GetRelativePath(d, f)))).DistinctBy(f => f.Name).ToArray();
        for (var i = 0; i < files.Length; i++)
        {
            mark.Renew();
            try
            {
                await tar.WriteEntryAsync(files[i].File, Path.Combine(Blobs, files[i].Name), cancel);
            }
            catch (FileNotFoundException)
            {
                // Half-written bytes got their name or were given up: no copied row names either.
                continue;
            }

            if (!Console.IsErrorRedirected)
            {
                await Console.Error.WriteAsync($"\rblobs: {i + 1} of {files.Length}{(i + 1 == files.Length ? "\n" : "")}");
            }
        }
    }
}
