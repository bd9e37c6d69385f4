using System.CommandLine;
using System.Formats.Tar;
using System.IO.Compression;
using Ciel.Core.Store;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel restore`: a backup into an empty data directory. A new epoch begins, so that no node obeys a controller from before.</summary>
internal static class RestoreCommand
{
    public static Command Make(Globals globals, TimeProvider time)
    {
        var file = new Argument<FileInfo>("file") { Description = "What `ciel backup` wrote." };
        var command = new Command("restore", "Bring back a backup into an empty data directory.") { file };
        command.SetAction(async (parsed, cancel) =>
        {
            var source = parsed.GetValue(file)!;
            var data = globals.DataOf(parsed);
            if (!source.Exists)
            {
                throw new UserErrorException($"There is no file {source.FullName}.");
            }

            if (File.Exists(Path.Combine(data, BackupCommand.Store)))
            {
                throw new UserErrorException($"{data} already has a Ciel. Move it away first, or restore elsewhere with --data.");
            }

            await Unpack(source, data, cancel);
            var options = Instance.Load(data)! with { Data = data };
            Instance.Save(options);
            await using var db = StoreOpener.Open(options, RealSetting.With(time));
            await db.Write(StoreMeta.NewEpoch, cancel);
            Console.WriteLine($"Restored into {data}. Its root key must be at {options.RootKey}; then run `ciel up --data {data}`.");
        });
        return command;
    }

    private static async Task Unpack(FileInfo source, string data, CancellationToken cancel)
    {
        var staging = data.TrimEnd('/') + ".restoring";
        Directory.CreateDirectory(staging);
        if (!await Extract(source, staging, cancel))
        {
            Directory.Delete(staging, recursive: true);
            throw new UserErrorException($"{source.FullName} is not what `ciel backup` wrote, or not all of it.");
        }

        Directory.CreateDirectory(data);
        foreach (var entry in Directory.GetFileSystemEntries(staging))
        {
            Directory.Move(entry, Path.Combine(data, Path.GetFileName(entry)));
        }

        Directory.Delete(staging);
    }

    /// <summary>False for what is not a whole backup.</summary>
    private static async Task<bool> Extract(FileInfo source, string staging, CancellationToken cancel)
    {
        try
        {
            // Refuses entries that would lie outside the directory.
            await using var zip = new GZipStream(source.OpenRead(), CompressionMode.Decompress);
            await TarFile.ExtractToDirectoryAsync(zip, staging, overwriteFiles: true, cancel);
            return Instance.Load(staging) is not null && File.Exists(Path.Combine(staging, BackupCommand.Store));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or UserErrorException)
        {
            return false;
        }
    }
}
