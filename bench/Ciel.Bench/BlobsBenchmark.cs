using System.IO.Pipelines;
using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Bench;

/// <summary>Durable puts beside plain files that are written and synced, and verified reads beside plain ones from the same memory.</summary>
internal sealed class BlobsBenchmark : Benchmark
{
    private const int Small = 4 << 10;
    private const int Large = 1 << 20;

    public override string Name => "blobs";

    public override async IAsyncEnumerable<Figure> Run()
    {
        var directory = Directory.CreateTempSubdirectory("ciel-bench-");
        try
        {
            var blobs = BlobStore.Open(
                new BlobOptions(directory.FullName) { Reserve = 0 }, "bench", new Ids(TimeProvider.System, new SystemSecrets()), TimeProvider.System, NullLogger<BlobStore>.Instance);
            foreach (var (size, name) in ((int, string)[])[(Small, "4 KiB"), (Large, "1 MiB")])
            {
                await foreach (var figure in Rounds.Run([.. new[] { 1, 8, 32 }.SelectMany(callers => Writers(directory.FullName, blobs, new byte[size], name, callers))]))
                {
                    yield return figure;
                }
            }

            await foreach (var figure in Rounds.Run(await Readers(directory.FullName, blobs))) yield return figure;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    // Each is removed again at once, so that no contestant fills the disk.
    private static IEnumerable<Contestant> Writers(string directory, BlobStore blobs, byte[] content, string size, int callers)
    {
        var suffix = callers == 1 ? "1 caller" : $"{callers} callers";
        yield return new Contestant($"file of {size} written and synced, {suffix}", "files/s", callers, n =>
        {
            var path = Path.Combine(directory, $"plain-{n}");
            using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Delete(path);
            return Task.CompletedTask;
        });
        foreach (var digests in new[] { false, true })
        {
            yield return new Contestant($"blob of {size} put{(digests ? " with MD5 and SHA-512" : "")}, {suffix}", "blobs/s", callers, async _ =>
            {
                using var source = new MemoryStream(content, writable: false);
                blobs.Delete((await blobs.Put(source, new BlobIntake { Length = content.Length, Digests = digests }, CancellationToken.None)).Id);
            });
        }
    }

    private static async Task<List<Contestant>> Readers(string directory, BlobStore blobs)
    {
        var content = new byte[Large];
        new Random(1).NextBytes(content);
        var id = (await blobs.Put(new MemoryStream(content), new BlobIntake(), CancellationToken.None)).Id;
        var path = Path.Combine(directory, "plain");
        await File.WriteAllBytesAsync(path, content);
        var buffer = new byte[2 * 64 * 1024];
        return
        [
            new Contestant("file of 1 MiB opened and read, 1 caller", "reads/s", 1, _ =>
            {
                using var file = File.OpenHandle(path);
                for (long at = 0, read; (read = RandomAccess.Read(file, buffer, at)) > 0;) at += read;
                return Task.CompletedTask;
            }),
            new Contestant("blob of 1 MiB opened, verified and read, 1 caller", "reads/s", 1, async _ =>
            {
                using var blob = blobs.Get(id);
                await blob.CopyTo(PipeWriter.Create(Stream.Null), 0, blob.Length, CancellationToken.None);
            }),
        ];
    }
}
