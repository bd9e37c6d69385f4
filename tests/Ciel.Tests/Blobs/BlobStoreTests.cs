using System.IO.Pipelines;
using System.Security.Cryptography;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Tests.Blobs;

public sealed class BlobStoreTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ciel-blobs-");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(262_144)]
    [InlineData(262_145)]
    [InlineData(3_000_000)]
    public async Task What_comes_in_comes_out(int size)
    {
        var content = Stores.Bytes(size);
        var blobs = Open();
        var seen = new MemoryStream();
        var blob = await blobs.Put(new Trickle(content), new BlobIntake { Length = size, Watch = p => seen.Write(p) }, default);
        blob.Size.ShouldBe(size);
        blob.Sha512.ShouldBe(Convert.ToHexStringLower(SHA512.HashData(content)));
        blob.Md5.ShouldBe(Images.Samples.Md5(content));
        seen.ToArray().ShouldBe(content);
        (await blobs.Whole(blob.Id)).ShouldBe(content);
        using var again = Open().Get(blob.Id);
        again.Length.ShouldBe(size);
        var plain = await blobs.Put(new MemoryStream(content), new BlobIntake { Digests = false }, default);
        (plain.Size, plain.Sha512, plain.Md5).ShouldBe((size, null, null));
        (await blobs.Whole(plain.Id)).ShouldBe(content);
    }

    [Fact]
    public async Task Ranges_are_read_and_a_deleted_blob_is_read_to_its_end()
    {
        var content = Stores.Bytes(700_000);
        var blobs = Open();
        var id = (await blobs.Put(new MemoryStream(content), new BlobIntake(), default)).Id;
        using var part = blobs.Get(id).AsStream(100_000, 400_000);
        var read = new byte[100];
        await part.ReadExactlyAsync(read);
        blobs.Delete(id);
        var rest = new MemoryStream();
        await part.CopyToAsync(rest);
        read.Concat(rest.ToArray()).ShouldBe(content[100_000..500_000]);
        Should.Throw<Fault>(() => blobs.Get(id)).Status.ShouldBe(404);
        blobs.Delete(id);
    }

    [Fact]
    public async Task A_pipe_gets_the_range()
    {
        var content = Stores.Bytes(500_000);
        var blobs = Open();
        using var blob = blobs.Get((await blobs.Put(new MemoryStream(content), new BlobIntake(), default)).Id);
        var target = new MemoryStream();
        await blob.CopyTo(PipeWriter.Create(target), 5, 400_000, default);
        target.ToArray().ShouldBe(content[5..400_005]);
    }

    [Fact]
    public async Task Too_much_too_little_and_a_refusal_leave_nothing()
    {
        var blobs = Open();
        (await Refused(blobs, 1001, new BlobIntake { MaxBytes = 1000 })).Status.ShouldBe(413);
        (await Refused(blobs, 600_000, new BlobIntake { MaxBytes = 599_999 })).Status.ShouldBe(413);
        (await Refused(blobs, 10, new BlobIntake { MaxBytes = 10, Length = 11 })).Status.ShouldBe(413);
        (await Refused(blobs, 9, new BlobIntake { Length = 10 })).Status.ShouldBe(400);
        (await Refused(blobs, 11, new BlobIntake { Length = 10 })).Status.ShouldBe(400);
        (await Refused(blobs, 600_000, new BlobIntake { Watch = _ => throw Fault.BadRequest("a lie") })).Message.ShouldBe("a lie");
        Files().ShouldBeEmpty();
        (await blobs.Put(new MemoryStream(new byte[1000]), new BlobIntake { MaxBytes = 1000 }, default)).Size.ShouldBe(1000);
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_is_not_filled()
    {
        var files = new ModelFiles { Free = 1000 };
        var blobs = Stores.Open(files, options: new BlobOptions("") { Reserve = 600, ReserveFiles = 10 });
        (await Refused(blobs, 401, new BlobIntake { Length = 401 })).Status.ShouldBe(507);
        (await blobs.Put(new MemoryStream(new byte[400]), new BlobIntake { Length = 400 }, default)).Size.ShouldBe(400);
        files.Free = 599;
        (await Refused(blobs, 1, new BlobIntake())).Status.ShouldBe(507);
        (files.Free, files.FreeFiles) = (1000, 10);
        (await Refused(blobs, 1, new BlobIntake())).Message.ShouldContain("no room");
        files.FreeFiles = 11;
        (await blobs.Put(new MemoryStream([1]), new BlobIntake(), default)).Size.ShouldBe(1);
    }

    [Fact]
    public async Task A_disk_that_fills_up_meanwhile_is_seen_before_it_is_full()
    {
        var files = new ModelFiles { Free = 1L << 30 };
        var blobs = Stores.Open(files, options: new BlobOptions("") { Reserve = 1 << 20 });
        var taken = 0L;
        var intake = new BlobIntake
        {
            Watch = piece =>
            {
                taken += piece.Length;
                files.Free = taken > 32 << 20 ? 0 : files.Free;
            },
        };
        (await Should.ThrowAsync<Fault>(() => blobs.Put(new Endless(), intake, default))).Status.ShouldBe(507);
        taken.ShouldBeLessThanOrEqualTo(65 << 20);
        files.Files.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("01a205b6-1c28-7db7-9527-eced13ec25b/")]
    public void An_id_is_never_a_path(string id)
    {
        Should.Throw<ArgumentException>(() => Open().Get(id));
        Should.Throw<ArgumentException>(() => Open().Delete(id));
    }

    [Fact]
    public async Task Files_are_for_their_owner_only()
    {
        await Open().Put(new MemoryStream([1]), new BlobIntake(), default);
        var file = Files().ShouldHaveSingleItem();
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (File.GetUnixFileMode(Path.GetDirectoryName(file)!) & (UnixFileMode.OtherRead | UnixFileMode.OtherExecute)).ShouldBe(UnixFileMode.None);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private BlobStore Open() => BlobStore.Open(new BlobOptions(_directory.FullName) { Reserve = 0 }, "test", Stores.Ids(), TimeProvider.System, NullLogger<BlobStore>.Instance);

    private string[] Files() => Directory.GetFiles(_directory.FullName, "*", SearchOption.AllDirectories);

    private static Task<Fault> Refused(BlobStore blobs, int size, BlobIntake intake) =>
        Should.ThrowAsync<Fault>(() => blobs.Put(new MemoryStream(new byte[size]), intake, default));

    /// <summary>Gives odd pieces, as a network does.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 77_777)], cancellationToken);
    }

    private sealed class Endless : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }
}
