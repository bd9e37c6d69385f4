using System.Diagnostics;
using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Core.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Live.Blobs;

/// <summary>A real file system, tiny, runs out of bytes and out of inodes under blobs.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Size = 16 << 20;
    private const int Inodes = 400;
    private readonly string _mount = Directory.CreateTempSubdirectory("ciel-full-").FullName;

    public FullDiskTests() => Run("mount", "-t", "tmpfs", "-o", $"size={Size},nr_inodes={Inodes}", "tmpfs", _mount);

    public void Dispose()
    {
        Run("umount", _mount);
        Directory.Delete(_mount);
    }

    [Theory]
    [InlineData(0, -1, 1_000_000, "the writes themselves fail")]
    [InlineData(0, -1, 10, "no file can be made")]
    [InlineData(5 << 20, 0, 1_000_000, "the reserve of bytes is kept")]
    [InlineData(0, 50, 10, "the reserve of inodes is kept")]
    public async Task What_does_not_fit_is_507_and_everything_else_stays_whole(long reserve, long reserveFiles, int size, string because)
    {
        var blobs = Open(reserve, reserveFiles);
        var kept = new List<string>();
        var refused = await Fill(blobs, size, kept);
        refused.Status.ShouldBe(507, because);
        refused.Message.ShouldContain("no room");
        kept.Count.ShouldBeGreaterThan(5);
        Directory.GetFiles(_mount, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).ShouldBe(kept, ignoreOrder: true, because);
        new DriveInfo(_mount).AvailableFreeSpace.ShouldBeGreaterThanOrEqualTo(reserve == 0 ? 0 : reserve - (2 * size), because);
        for (var i = 0; i < kept.Count; i++)
        {
            (await Read(blobs, kept[i])).ShouldBe(Bytes(i, size));
        }

        blobs.Delete(kept[0]);
        (await blobs.Put(new MemoryStream(Bytes(0, size)), new BlobIntake(), default)).Size.ShouldBe(size, "room again");
    }

    private static async Task<Fault> Fill(BlobStore blobs, int size, List<string> kept)
    {
        while (kept.Count < Inodes)
        {
            try
            {
                kept.Add((await blobs.Put(new MemoryStream(Bytes(kept.Count, size)), new BlobIntake(), default)).Id);
            }
            catch (Fault fault)
            {
                return fault;
            }
        }

        throw new InvalidOperationException("The file system never filled up.");
    }

    private BlobStore Open(long reserve, long reserveFiles) => BlobStore.Open(
        new BlobOptions(Path.Combine(_mount, "blobs")) { Reserve = reserve, ReserveFiles = reserveFiles },
        "full",
        new Ids(TimeProvider.System, new SystemSecrets()),
        TimeProvider.System,
        NullLogger<BlobStore>.Instance);

    private static async Task<byte[]> Read(BlobStore blobs, string id)
    {
        using var stream = blobs.Get(id).AsStream();
        var whole = new MemoryStream();
        await stream.CopyToAsync(whole);
        return whole.ToArray();
    }

    private static byte[] Bytes(int seed, int size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, program);
    }
}
