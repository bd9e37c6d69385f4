using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Tests.Blobs;

/// <summary>The power goes between any two steps of a put, and the disk fails at any one.</summary>
public class CrashTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 600_000).Select(i => (byte)(i * 31))];

    [Fact]
    public async Task Whenever_the_power_goes_blobs_are_whole_or_not_there()
    {
        var all = new ModelFiles();
        await PutTwo(all);
        all.Steps.ShouldBeGreaterThan(270);
        for (var cut = 1; cut <= all.Steps + 1; cut++)
        {
            foreach (var survives in (Func<string, bool>[])[_ => true, _ => false, f => f[0] != 'i', f => f[0] == 'i'])
            {
                var files = new ModelFiles { CutAt = cut };
                var promised = await PutTwo(files);
                var back = files.Reboot(survives);
                var blobs = Open(back);
                back.Files.Keys.ShouldNotContain(f => f.StartsWith("incoming/"), $"cut at {cut}");
                back.Files.Values.ShouldAllBe(n => n.Bytes.SequenceEqual(Content), $"cut at {cut}");
                promised.ShouldBeSubsetOf(back.Files.Keys.Select(f => Path.GetFileName(f)), $"cut at {cut}");
                (await blobs.Put(new MemoryStream(Content), new BlobIntake(), default)).Size.ShouldBe(Content.Length);
            }
        }
    }

    [Fact]
    public async Task A_store_that_skips_the_sync_is_caught()
    {
        var files = new ModelFiles();
        var writer = files.Create("00/forgotten");
        await writer.Write(Content, default);
        files.SyncDirectory("00");
        files.Reboot(_ => true).Files.Values.Single().Bytes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(28, "room")]
    [InlineData(122, "room")]
    [InlineData(5, "failed")]
    public async Task Whatever_fails_on_the_disk_is_507_and_leaves_nothing(int errno, string word)
    {
        var healthy = new ModelFiles();
        var blobs = Open(healthy);
        var first = healthy.Steps + 1;
        await blobs.Put(new MemoryStream(Content), new BlobIntake(), default);
        for (var step = first; step <= healthy.Steps; step++)
        {
            var files = new ModelFiles { Error = errno };
            var store = Open(files);
            files.FailAt = step;
            var fault = await Should.ThrowAsync<Fault>(() => store.Put(new MemoryStream(Content), new BlobIntake(), default));
            fault.Status.ShouldBe(507);
            fault.Message.ShouldContain(word);
            files.Files.ShouldBeEmpty($"step {step}");
            (await store.Put(new MemoryStream(Content), new BlobIntake(), default)).Size.ShouldBe(Content.Length);
        }
    }

    [Fact]
    public async Task The_sender_that_breaks_off_leaves_nothing()
    {
        var files = new ModelFiles();
        var blobs = Open(files);
        await Should.ThrowAsync<IOException>(() => blobs.Put(new Breaking(400_000), new BlobIntake(), default));
        files.Files.ShouldBeEmpty();
    }

    private static async Task<List<string>> PutTwo(ModelFiles files)
    {
        var promised = new List<string>();
        try
        {
            var blobs = Open(files);
            promised.Add((await blobs.Put(new MemoryStream(Content), new BlobIntake(), default)).Id);
            promised.Add((await blobs.Put(new MemoryStream(Content), new BlobIntake { Length = Content.Length, Sha256 = true }, default)).Id);
        }
        catch (PowerCutException)
        {
            files.IsCut.ShouldBeTrue();
        }

        return promised;
    }

    private static BlobStore Open(ModelFiles files) =>
        new(files, 0, new Ids(TimeProvider.System, new SeededSecrets(new Random(1))), TimeProvider.System, NullLogger.Instance);

    private sealed class Breaking(int after) : MemoryStream(new byte[after])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var n ? n : throw new IOException("the connection was reset", 104);
    }
}
