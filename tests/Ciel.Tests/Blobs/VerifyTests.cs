using System.IO.Pipelines;
using System.Text;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using CsCheck;

namespace Ciel.Tests.Blobs;

/// <summary>What was changed on the disk is found and never handed out.</summary>
public class VerifyTests
{
    private const int Block = BlobTrailer.Block;

    // The remainder bit by bit, as RFC 3720 defines it; its own example (B.4) first.
    [Fact]
    public void The_checksum_is_the_CRC_32C_of_three_CRC_32Cs() => Gen.Int[0, 3000].Sample(
        size =>
        {
            Crc(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xe3069283);
            var bytes = Stores.Bytes(size);
            var third = size / 3 / 8 * 8;
            byte[][] parts = [bytes[..third], bytes[third..(2 * third)], bytes[(2 * third)..]];
            BlobTrailer.Sum(bytes).ShouldBe(Crc([.. parts.SelectMany(p => BitConverter.GetBytes(Crc(p)))]));
        },
        iter: 100);

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82f63b78;
            }
        }

        return ~crc;
    }

    [Fact]
    public void Any_range_of_any_blob_is_what_was_written() => Gen.Select(Gen.Int[0, 5 * Block], Gen.Int[0, 5 * Block], Gen.Int[0, 5 * Block], Gen.Int[1, 3 * Block]).SampleAsync(
        async (size, first, count, buffer) =>
        {
            (first, count) = (Math.Min(first, size), Math.Min(count, size - Math.Min(first, size)));
            var (blobs, _, id) = await Stored(size);
            var expected = Stores.Bytes(size)[first..(first + count)];
            using var stream = blobs.Get(id).AsStream(first, count);
            var read = new MemoryStream();
            await stream.CopyToAsync(read, buffer);
            read.ToArray().ShouldBe(expected);
            using var blob = blobs.Get(id);
            var piped = new MemoryStream();
            await blob.CopyTo(PipeWriter.Create(piped), first, count, default);
            piped.ToArray().ShouldBe(expected);
        },
        iter: 100);

    [Fact]
    public void Whatever_bit_flips_the_reader_gets_a_fault_and_never_a_wrong_byte() => Gen.Select(Gen.Int[1, 4 * Block], Gen.Int[0, int.MaxValue], Gen.Int[0, 7]).SampleAsync(
        async (size, at, bit) =>
        {
            var (blobs, file, id) = await Stored(size);
            file.Flip(at % file.Bytes.Count, (byte)(1 << bit));
            var served = new MemoryStream();
            var fault = await Should.ThrowAsync<Fault>(async () =>
            {
                using var blob = blobs.Get(id);
                await blob.CopyTo(PipeWriter.Create(served), 0, blob.Length, default);
            });
            fault.Status.ShouldBe(500);
            served.ToArray().ShouldBe(Stores.Bytes(size)[..(int)served.Length]);
            blobs.Damages.ShouldHaveSingleItem().Id.ShouldBe(id);
        },
        iter: 150);

    [Fact]
    public async Task A_range_verifies_only_the_blocks_that_it_touches()
    {
        var (blobs, file, id) = await Stored(4 * Block);
        file.Flip(2 * Block);
        using var blob = blobs.Get(id);
        using var before = blobs.Get(id).AsStream(5, (2 * Block) - 5);
        await before.CopyToAsync(Stream.Null);
        using var after = blobs.Get(id).AsStream((3 * Block) + 9, 10);
        await after.CopyToAsync(Stream.Null);
        Should.Throw<Fault>(() => blob.Read(new byte[1], (3 * Block) - 1)).Kind.ShouldBe("DataDamaged");
        Should.Throw<Fault>(() => blob.Read(new byte[2 * Block], 2 * Block));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(Block)]
    [InlineData(Block + 40)]
    public async Task A_file_that_was_cut_short_is_no_blob(int left)
    {
        var (blobs, file, id) = await Stored(3 * Block);
        file.Bytes.RemoveRange(left, file.Bytes.Count - left);
        Should.Throw<Fault>(() => blobs.Get(id)).Status.ShouldBe(500);
    }

    [Fact]
    public async Task A_file_under_another_blobs_name_is_no_blob()
    {
        var files = new ModelFiles();
        var blobs = Stores.Open(files);
        var (one, other) = (await blobs.Put([1, 2, 3]), await blobs.Put([4, 5, 6]));
        files.Delete(one[^2..] + "/" + one);
        files.Move(other[^2..] + "/" + other, one[^2..] + "/" + one);
        Should.Throw<Fault>(() => blobs.Get(one)).Kind.ShouldBe("DataDamaged");
    }

    [Fact]
    public async Task A_disk_that_cannot_be_read_is_503_and_the_blob_is_reported()
    {
        for (var step = 1; step <= 4; step++)
        {
            var files = new ModelFiles { Error = 5 };
            var blobs = Stores.Open(files);
            var id = await blobs.Put(Stores.Bytes(1000));
            files.FailAt = files.Steps + step;
            (await Should.ThrowAsync<Fault>(() => blobs.Whole(id))).Status.ShouldBe(503, $"step {step}");
            blobs.Damages.ShouldHaveSingleItem().What.ShouldContain("injected");
            (await blobs.Whole(id)).ShouldBe(Stores.Bytes(1000));
        }
    }

    [Fact]
    public async Task The_list_of_the_damaged_outlives_the_process_and_forgets_the_deleted()
    {
        var (blobs, file, id) = await Stored(10, out var files);
        file.Flip(3);
        await Should.ThrowAsync<Fault>(() => blobs.Whole(id));
        await Should.ThrowAsync<Fault>(() => blobs.Whole(id));
        var again = Stores.Open(files);
        again.Damages.ShouldHaveSingleItem().What.ShouldContain("do not match their checksum");
        again.Delete(id);
        again.Damages.ShouldBeEmpty();
    }

    private static Task<(BlobStore Blobs, ModelFiles.Node File, string Id)> Stored(int size) => Stored(size, out _);

    private static Task<(BlobStore Blobs, ModelFiles.Node File, string Id)> Stored(int size, out ModelFiles files)
    {
        var disk = files = new ModelFiles();
        return Make();

        async Task<(BlobStore, ModelFiles.Node, string)> Make()
        {
            var blobs = Stores.Open(disk);
            var id = await blobs.Put(Stores.Bytes(size));
            return (blobs, disk.Blobs.Values.Single(), id);
        }
    }
}
