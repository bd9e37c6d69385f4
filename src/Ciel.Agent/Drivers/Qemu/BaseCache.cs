using System.Security.Cryptography;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// Images that machines' disks stand on, fetched once and shared. They are root's alone: a QEMU gets its own one as an open
/// descriptor. Each is named after its SHA-512, which is checked before the name exists.
/// </summary>
internal sealed class BaseCache(string directory, long limit, IController controller, TimeProvider time)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Unused = TimeSpan.FromDays(7);

    private readonly Lock door = new();
    private readonly Dictionary<string, BaseFetch> fetches = new(StringComparer.Ordinal);

    /// <summary>Readies the directory, and removes what an earlier agent had half fetched.</summary>
    public void Open()
    {
        Files.MakeDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var half in Directory.EnumerateFiles(directory, "*.new"))
        {
            File.Delete(half);
        }
    }

    /// <summary>Where an image lies or will lie.</summary>
    public string PathOf(string sha512) => Path.Combine(directory, sha512);

    /// <summary>Has the image here; whoever comes while it is fetched waits for the same fetch.</summary>
    /// <exception cref="InvalidDataException">What came is not what was promised, or is no image to trust.</exception>
    public async Task Get(BlobSource source, Action<double> progress, CancellationToken cancel)
    {
        for (var attempt = 1; !File.Exists(PathOf(source.Sha512)); attempt++)
        {
            var fetch = Join(source);
            while (await Task.WhenAny(fetch.Done, Task.Delay(Blink, time, cancel)) != fetch.Done)
            {
                cancel.ThrowIfCancellationRequested();
                progress(fetch.Progress);
            }

            if (fetch.Done.Exception?.InnerException is { } failure)
            {
                await Console.Error.WriteLineAsync($"image {source.Sha512[..8]}: {failure.Message}");
                await (failure is InvalidDataException || attempt == Attempts ? fetch.Done : Task.Delay(Pause, time, cancel));
            }
        }

        File.SetLastWriteTimeUtc(PathOf(source.Sha512), time.GetUtcNow().UtcDateTime);
    }

    /// <summary>The virtual size of an image that is here.</summary>
    public long VirtualSize(BaseImage image)
    {
        using var file = File.OpenRead(PathOf(image.Sha512));
        return image.Format == "qcow2" ? Qcow2Header.VirtualSize(file) : file.Length;
    }

    /// <summary>Removes images that no machine stands on: those unused for long, and the longest unused while all exceed the limit.</summary>
    public void Trim(IReadOnlySet<string> used)
    {
        lock (door)
        {
            var files = new DirectoryInfo(directory).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc).ToArray();
            var total = files.Sum(file => file.Length);
            foreach (var file in files.Where(file => file.Extension.Length == 0 && !used.Contains(file.Name) && !fetches.ContainsKey(file.Name)))
            {
                if (total > limit || time.GetUtcNow() - file.LastWriteTimeUtc > Unused)
                {
                    total -= file.Length;
                    file.Delete();
                }
            }
        }
    }

    private BaseFetch Join(BlobSource source)
    {
        lock (door)
        {
            if (!fetches.TryGetValue(source.Sha512, out var fetch))
            {
                fetch = fetches[source.Sha512] = new BaseFetch();
                _ = Background.Start(() => Fetch(source, fetch));
            }

            return fetch;
        }
    }

    private async Task Fetch(BlobSource source, BaseFetch fetch)
    {
        var temporary = PathOf(source.Sha512) + ".new";
        try
        {
            await Download(source, temporary, fetch);
            Files.Rename(temporary, PathOf(source.Sha512));
            Finish(source, () => fetch.Succeed());
        }
        catch (Exception e)
        {
            File.Delete(temporary);
            Finish(source, () => fetch.Fail(e));
        }
    }

    private void Finish(BlobSource source, Action tell)
    {
        lock (door)
        {
            fetches.Remove(source.Sha512);
        }

        tell();
    }

    private async Task Download(BlobSource source, string temporary, BaseFetch fetch)
    {
        await using var from = await controller.Fetch(source.Ticket, CancellationToken.None);
        await using var to = new FileStream(temporary, Files.Private(FileMode.Create));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var buffer = new byte[1 << 18];
        for (long had = 0; await from.ReadAsync(buffer) is > 0 and var read;)
        {
            had += read;
            if (had > source.Size)
            {
                throw new InvalidDataException("the image is longer than it should be");
            }

            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read));
            fetch.Progress = (double)had / source.Size;
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != source.Sha512)
        {
            throw new InvalidDataException("the image's checksum is not the one it should have");
        }

        if (source.Format == "qcow2")
        {
            to.Position = 0;
            Qcow2Header.VirtualSize(to);
        }

        to.Flush(flushToDisk: true);
    }
}
