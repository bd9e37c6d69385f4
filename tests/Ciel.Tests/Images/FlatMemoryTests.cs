namespace Ciel.Tests.Images;

/// <summary>Counts what the whole process allocates, so nothing else may run beside it.</summary>
[Collection("alone")]
public class FlatMemoryTests
{
    private const string Octets = "application/octet-stream";

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Three_hundred_megabytes_pass_through_little_memory(string kind)
    {
        const int size = 300 << 20;
        await using var cloud = await ImageCloud.Start(kind);
        var alice = "alice";
        var id = await cloud.Create(alice);
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var content = new StreamContent(new Pattern(size), 128 * 1024);
        content.Headers.ContentLength = size;
        (await cloud.Try(HttpMethod.Put, $"/v2/images/{id}/file", alice, content, Octets)).Status.ShouldBe(204);
        using var file = await cloud.Raw(HttpMethod.Get, $"/v2/images/{id}/file", alice);
        using var stream = await file.Content.ReadAsStreamAsync();
        var (buffer, total) = (new byte[128 * 1024], 0L);
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            buffer[0].ShouldBe((byte)(total >> 10));
            total += read;
        }

        total.ShouldBe(size);
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(100L << 20);
        (await cloud.Try(HttpMethod.Delete, "/v2/images/" + id, alice)).Status.ShouldBe(204);
    }

    /// <summary>Byte n is n / 1024.</summary>
    private sealed class Pattern(long size) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => size;

        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, size - _at);
            for (var i = 0; i < read; i++)
            {
                buffer[offset + i] = (byte)((_at + i) >> 10);
            }

            _at += read;
            return read;
        }

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
