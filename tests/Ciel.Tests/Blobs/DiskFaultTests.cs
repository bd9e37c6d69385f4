using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Tests.Trust;

namespace Ciel.Tests.Blobs;

/// <summary>The disk fails at any step of a put.</summary>
public class DiskFaultTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 600_000).Select(i => (byte)(i * 31))];

    [Theory]
    [InlineData(28, "room")]
    [InlineData(122, "room")]
    [InlineData(5, "failed")]
    public async Task Whatever_fails_on_the_disk_is_507_and_leaves_nothing(int errno, string word)
    {
        var healthy = new ModelFiles();
        var first = await StepsOfAPut(healthy);
        for (var step = first; step <= healthy.Steps; step++)
        {
            var files = new ModelFiles { Error = errno };
            var store = Stores.Open(files);
            files.FailAt = step;
            var fault = await Should.ThrowAsync<Fault>(() => store.Put(new MemoryStream(Content), new BlobIntake(), default));
            fault.Status.ShouldBe(507);
            fault.Message.ShouldContain(word);
            files.Files.ShouldBeEmpty($"step {step}");
            (await store.Put(new MemoryStream(Content), new BlobIntake(), default)).Size.ShouldBe(Content.Length);
        }
    }

    [Fact]
    public async Task A_disk_that_stays_broken_is_507_and_the_next_start_and_the_sweep_leave_nothing()
    {
        var time = new ManualTime();
        var healthy = new ModelFiles();
        var first = await StepsOfAPut(healthy);
        for (var step = first; step <= healthy.Steps; step++)
        {
            var files = new ModelFiles { Error = 5 };
            var store = Stores.Open(files, time);
            (files.FailAt, files.FailsOn) = (step, true);
            (await Should.ThrowAsync<Fault>(() => store.Put(new MemoryStream(Content), new BlobIntake(), default))).Status.ShouldBe(507);
            files.FailAt = null;
            var again = Stores.Open(files, time);
            time.Pass(BlobOptions.UsualGrace + TimeSpan.FromSeconds(1));
            foreach (var orphan in BlobStore.Shards.SelectMany(s => again.Old(s, BlobOptions.UsualGrace)))
            {
                again.Delete(orphan);
            }

            files.Files.ShouldBeEmpty($"step {step}");
        }
    }

    [Fact]
    public async Task The_sender_that_breaks_off_leaves_nothing()
    {
        var files = new ModelFiles();
        var blobs = Stores.Open(files);
        await Should.ThrowAsync<IOException>(() => blobs.Put(new Breaking(400_000), new BlobIntake(), default));
        files.Files.ShouldBeEmpty();
    }

    private static async Task<int> StepsOfAPut(ModelFiles files)
    {
        var blobs = Stores.Open(files);
        var first = files.Steps + 1;
        await blobs.Put(new MemoryStream(Content), new BlobIntake(), default);
        return first;
    }

    private sealed class Breaking(int after) : MemoryStream(new byte[after])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var n ? n : throw new IOException("the connection was reset", 104);
    }
}
