using Ciel.Core.Errors;
using Ciel.Services.Images.Formats;
using CsCheck;

namespace Ciel.Tests.Images;

public class FormatTests
{
    private const int C = Samples.Cluster;
    private static readonly int[] Fields = [8, 24, 40, 48, 56, 60, 64, 72, 96, 100, 104];
    private static readonly string[] Formats = ["qcow2", "vmdk", "vdi", "vhd", "vhdx", "iso", "raw", "ami", "ploop"];

    [Theory]
    [InlineData(1L)]
    [InlineData(134_217_728L)]
    [InlineData(1L << 40)]
    public void A_good_qcow2_tells_its_size(long size) => Judge("qcow2", Samples.Qcow2(size)).ShouldBe(size);

    [Fact]
    public void Version_2_is_good_too() => Judge("qcow2", Samples.Qcow2(1 << 20, f => Samples.U32(f, 4, 2))).ShouldBe(1 << 20);

    public static TheoryData<string, Action<byte[]>> Bad => new()
    {
        { "backing", f => Samples.U64(f, 8, 200) },
        { "backing", f => Samples.U32(f, 16, 5) },
        { "encrypted", f => Samples.U32(f, 32, 1) },
        { "version", f => Samples.U32(f, 4, 4) },
        { "cluster", f => Samples.U32(f, 20, 40) },
        { "cluster", f => Samples.U32(f, 20, 8) },
        { "corrupt", f => Samples.U64(f, 72, 2) },
        { "another file", f => Samples.U64(f, 72, 4) },
        { "not known", f => Samples.U64(f, 72, 1UL << 40) },
        { "compression", f => Samples.U64(f, 72, 8) },
        { "length", f => Samples.U32(f, 100, 96) },
        { "length", f => Samples.U32(f, 100, 0xffffffff) },
        { "too wide", f => Samples.U32(f, 96, 7) },
        { "another file", f => { Samples.U32(f, 104, 0x44415441); Samples.U32(f, 108, 8); } },
        { "encrypted", f => { Samples.U32(f, 104, 0x6803f857); Samples.U32(f, 108, 6); Samples.U32(f, 120, 0x0537be77); Samples.U32(f, 124, 16); } },
        { "extensions", f => { Samples.U32(f, 104, 0x12345678); Samples.U32(f, 108, 0xffffffff); } },
        { "larger", f => Samples.U64(f, 24, ulong.MaxValue) },
        { "larger", f => Samples.U64(f, 24, 1UL << 50) },
        { "fit", f => Samples.U32(f, 36, 0) },
        { "fit", f => Samples.U32(f, 36, 0xffffffff) },
        { "too large", f => Samples.U32(f, 60, 70_000) },
        { "too large", f => Samples.U32(f, 56, 0xffffffff) },
        { "where none", f => Samples.U64(f, 40, 12) },
        { "where none", f => Samples.U64(f, 40, (3 * C) + 512) },
        { "where none", f => Samples.U64(f, 48, ulong.MaxValue - C + 1) },
        { "beyond", f => Samples.U64(f, 40, 100 * C) },
        { "beyond", f => { Samples.U32(f, 60, 1); Samples.U64(f, 64, 50 * C); } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_dangerous_or_broken_qcow2_is_refused(string word, Action<byte[]> change)
    {
        var fault = Should.Throw<Fault>(() => Judge("qcow2", Samples.Qcow2(1 << 30, change)));
        fault.Status.ShouldBe(400);
        fault.Message.ShouldContain(word);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(71)]
    [InlineData(103)]
    [InlineData(70_000)]
    [InlineData(4 * C / 2)]
    public void A_cut_qcow2_is_refused(int size) => Should.Throw<Fault>(() => Judge("qcow2", Samples.Qcow2()[..size])).Status.ShouldBe(400);

    [Fact]
    public void Each_format_is_told_by_its_content()
    {
        var files = new Dictionary<string, byte[]>
        {
            ["qcow2"] = Samples.Qcow2(),
            ["vmdk"] = Samples.Starting("KDMV"u8),
            ["vdi"] = Samples.Starting([0x7f, 0x10, 0xda, 0xbe], 0x40),
            ["vhdx"] = Samples.Starting("vhdxfile"u8),
            ["vhd"] = Samples.Starting("conectix"u8),
            ["iso"] = Samples.Iso(),
            ["raw"] = Samples.Raw(),
        };
        foreach (var (content, file) in files)
        {
            foreach (var said in files.Keys)
            {
                var good = said == content || (said == "raw" && content == "iso");
                var verdict = Record.Exception(() => Judge(said, file));
                (verdict is null).ShouldBe(good, $"{content} said to be {said}: {verdict?.Message}");
                (verdict as Fault)?.Status.ShouldBe(400);
            }
        }
    }

    [Theory]
    [InlineData("createType=\"streamOptimized\"", 1, true)]
    [InlineData("version=1\ncreateType=\"monolithicSparse\"\n", 1, true)]
    [InlineData("createType=\"monolithicFlat\"\nRW 1 FLAT \"/etc/shadow\" 0", 1, false)]
    [InlineData("# createType=\"monolithicSparse\"\ncreateType = vmfs", 1, false)]
    [InlineData("createType=\"monolithicSparse\"", 1 << 20, false)]
    public void A_vmdk_holds_all_its_data_itself(string descriptor, int sector, bool good)
    {
        var file = Samples.Starting("KDMV"u8, 0, C);
        file[28] = (byte)sector;
        file[30] = (byte)(sector >> 16);
        file[36] = 2;
        System.Text.Encoding.ASCII.GetBytes(descriptor).CopyTo(file, 512);
        (Record.Exception(() => Judge("vmdk", file)) is null).ShouldBe(good);
    }

    [Fact]
    public void A_fixed_vhd_is_told_by_its_end()
    {
        var disk = Samples.Starting("conectix"u8, 1 << 20, (1 << 20) + 512);
        disk[(1 << 20) + 48 + 5] = 0x10;
        Judge("vhd", disk).ShouldBe(1 << 20);
        Judge("raw", disk).ShouldBe(disk.Length);
        Should.Throw<Fault>(() => Judge("vhd", disk[..^1]));
    }

    [Theory]
    [InlineData("vmdk", "ova")]
    [InlineData("vdi", "compressed")]
    public void A_container_may_hold_anything(string disk, string container) => Judge(disk, Samples.Raw(), container).ShouldBeNull();

    [Theory]
    [InlineData("qcow2", "compressed")]
    [InlineData("raw", "ova")]
    public void What_machines_boot_is_judged_in_any_container(string disk, string container) =>
        Should.Throw<Fault>(() => Judge(disk, Samples.Qcow2(change: f => Samples.U64(f, 8, 200)), container));

    [Fact]
    public void However_a_header_is_broken_the_verdict_is_a_sentence_or_a_sane_disk() =>
        Gen.Select(Gen.Int[0, 200].Array[0, 6], Gen.Byte.Array[6], Gen.ULong, Gen.Int[0, Fields.Length - 1].Select(i => Fields[i])).Sample((places, values, word, field) =>
        {
            var file = Samples.Qcow2(1 << 30, f =>
            {
                for (var i = 0; i < places.Length; i++) f[places[i]] = values[i];
                Samples.U64(f, field, word);
            });
            var (whole, pieces) = (Verdict("qcow2", [file]), Verdict("qcow2", file.Chunk(1000)));
            whole.ShouldBe(pieces);
            if (whole.Size is { } size)
            {
                size.ShouldBeInRange(0, 64L << 40);
                (BitConverter.ToUInt64(file, 8) | BitConverter.ToUInt32(file, 16) | BitConverter.ToUInt32(file, 32)).ShouldBe(0UL);
            }
        }, iter: 2000);

    [Fact]
    public void Any_bytes_get_the_same_verdict_in_any_pieces() =>
        Gen.Select(Gen.Byte.Array[0, 2000], Gen.Int[1, 700], Gen.Int[0, Formats.Length - 1].Select(i => Formats[i])).Sample((bytes, piece, format) =>
            Verdict(format, [bytes]).ShouldBe(Verdict(format, bytes.Chunk(piece))));

    private static (long? Size, string? Fault) Verdict(string format, IEnumerable<byte[]> pieces)
    {
        try
        {
            var watch = new FormatWatch(format, bare: true);
            foreach (var piece in pieces) watch.Watch(piece);
            return (watch.Finish(), null);
        }
        catch (Fault fault) when (fault.Status == 400)
        {
            return (null, fault.Message);
        }
    }

    private static long? Judge(string format, byte[] file, string container = "bare")
    {
        var watch = new FormatWatch(format, container == "bare");
        watch.Watch(file);
        return watch.Finish();
    }
}
