using System.Buffers.Binary;
using System.Security.Cryptography;
using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.Qemu;

namespace Ciel.Tests.Agent.Qemu;

public sealed class BaseCacheTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("ciel-bases-").FullName;
    private readonly FakeController controller = new();
    private readonly ManualTime time = new();
    private readonly BaseCache cache;

    public BaseCacheTests()
    {
        cache = new BaseCache(directory, 100, controller, time);
        cache.Open();
    }

    [Fact]
    public async Task One_fetch_serves_all_who_come_meanwhile()
    {
        var source = Offer(new byte[1000]);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Get(source)));
        controller.Fetches.ShouldBe(1);
        (await File.ReadAllBytesAsync(cache.PathOf(source.Sha512), TestContext.Current.CancellationToken)).Length.ShouldBe(1000);
        File.GetUnixFileMode(cache.PathOf(source.Sha512)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        cache.VirtualSize(new BaseImage(source.Sha512, "raw")).ShouldBe(1000);
    }

    [Fact]
    public async Task What_is_not_what_was_promised_is_not_kept()
    {
        var source = Offer(new byte[1000]);
        await Lies(source with { Size = 999 });
        await Lies(source with { Format = "qcow2" });
        controller.Blobs[source.Ticket] = new byte[1001];
        await Lies(source);
        controller.Blobs[source.Ticket] = new byte[999];
        await Lies(source);
        Directory.EnumerateFiles(directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fetch_that_fails_is_tried_again()
    {
        var source = Offer(new byte[10]);
        controller.Blobs.Remove(source.Ticket, out var blob);
        var get = Get(source);
        await Eventually.True(() => controller.Fetches == 1);
        controller.Blobs[source.Ticket] = blob!;
        await Eventually.True(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return get.IsCompleted;
        });
        await get;
    }

    [Fact]
    public async Task The_longest_unused_go_first_and_used_ones_stay()
    {
        var sources = new List<BlobSource>();
        for (var i = 0; i < 4; i++)
        {
            sources.Add(Offer([.. Enumerable.Repeat((byte)i, 40)]));
            await Get(sources[i]);
            time.Advance(TimeSpan.FromHours(1));
        }

        await Get(sources[1]);
        cache.Trim(new HashSet<string> { sources[0].Sha512 });
        Kept(sources).ShouldBe([true, true, false, false]);
        time.Advance(TimeSpan.FromDays(8));
        cache.Trim(new HashSet<string> { sources[0].Sha512 });
        Kept(sources).ShouldBe([true, false, false, false]);
    }

    [Fact]
    public void Halves_of_an_earlier_agent_go()
    {
        File.WriteAllText(cache.PathOf("x") + ".new", "half");
        cache.Open();
        Directory.EnumerateFiles(directory).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0UL, 0UL, true)]
    [InlineData(1UL, 0UL, false)]
    [InlineData(0UL, 4UL, false)]
    [InlineData(0UL, 1UL, true)]
    public void An_image_that_reaches_for_another_file_is_none(ulong backing, ulong incompatible, bool good)
    {
        var header = new byte[104];
        BinaryPrimitives.WriteUInt32BigEndian(header, 0x514649fb);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), 3);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), backing);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(24), 12345);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(72), incompatible);
        if (good)
        {
            Qcow2Header.VirtualSize(new MemoryStream(header)).ShouldBe(12345);
        }
        else
        {
            Should.Throw<InvalidDataException>(() => Qcow2Header.VirtualSize(new MemoryStream(header)));
        }
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private Task Get(BlobSource source) => cache.Get(source, _ => { }, TestContext.Current.CancellationToken);

    private async Task Lies(BlobSource source) => await Should.ThrowAsync<InvalidDataException>(() => Get(source));

    private bool[] Kept(IEnumerable<BlobSource> sources) => [.. sources.Select(source => File.Exists(cache.PathOf(source.Sha512)))];

    private BlobSource Offer(byte[] bytes)
    {
        var sha = Convert.ToHexStringLower(SHA512.HashData(bytes));
        controller.Blobs[sha] = bytes;
        return new BlobSource(sha, bytes.Length, "raw", sha);
    }
}
