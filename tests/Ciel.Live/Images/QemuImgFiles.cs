using Ciel.Core.Errors;
using Ciel.Live.FirstLight;
using Ciel.Services.Images.Formats;

namespace Ciel.Live.Images;

/// <summary>What the real qemu-img writes is judged as QEMU itself means it.</summary>
public sealed class QemuImgFiles : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ciel-live-formats-");

    [Theory]
    [InlineData("qcow2", "compat=0.10")]
    [InlineData("qcow2", "compat=1.1")]
    [InlineData("qcow2", "cluster_size=512")]
    [InlineData("qcow2", "cluster_size=2M")]
    [InlineData("qcow2", "extended_l2=on,cluster_size=128k")]
    [InlineData("qcow2", "compression_type=zstd")]
    [InlineData("qcow2", "lazy_refcounts=on,refcount_bits=64")]
    [InlineData("qcow2", "preallocation=metadata")]
    [InlineData("vmdk", "subformat=monolithicSparse")]
    [InlineData("vmdk", "subformat=streamOptimized")]
    [InlineData("vdi", "")]
    [InlineData("vpc", "subformat=dynamic")]
    [InlineData("vpc", "subformat=fixed")]
    [InlineData("vhdx", "")]
    [InlineData("raw", "")]
    public async Task Good_files_are_taken(string format, string options)
    {
        var file = await Make(format, options);
        var size = Judge(format == "vpc" ? "vhd" : format, file);
        if (format is "qcow2" or "vmdk" or "vdi" or "raw")
        {
            size.ShouldBe(64 << 20);
        }

        if (format != "raw")
        {
            Should.Throw<Fault>(() => Judge("qcow2" == format ? "vdi" : "qcow2", file)).Status.ShouldBe(400);
        }
    }

    [Theory]
    [InlineData("qcow2", "backing_file=/etc/passwd,backing_fmt=raw")]
    [InlineData("qcow2", "data_file=DIR/data.raw")]
    [InlineData("qcow2", "encrypt.format=luks,encrypt.key-secret=s")]
    [InlineData("vmdk", "subformat=monolithicFlat")]
    [InlineData("vmdk", "subformat=twoGbMaxExtentSparse")]
    [InlineData("qed", "")]
    public async Task Files_that_need_more_than_themselves_are_refused(string format, string options)
    {
        var file = await Make(format, options.Replace("DIR", _directory.FullName, StringComparison.Ordinal));
        Should.Throw<Fault>(() => Judge(format == "qed" ? "raw" : format, file)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_snapshot_inside_and_a_dirty_bit_are_harmless()
    {
        var file = await Make("qcow2", "lazy_refcounts=on");
        await LiveCloud.Run("qemu-img", ["snapshot", "-c", "inside", file], null);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[79] |= 1;
        await File.WriteAllBytesAsync(file, bytes);
        Judge("qcow2", file).ShouldBe(64 << 20);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<string> Make(string format, string options)
    {
        var file = Path.Combine(_directory.FullName, "disk." + format);
        string[] secret = options.Contains("secret", StringComparison.Ordinal) ? ["--object", "secret,id=s,data=abc"] : [];
        string[] unsafely = options.Contains("backing", StringComparison.Ordinal) ? ["-u"] : [];
        string[] with = options.Length > 0 ? ["-o", options] : [];
        await Create(["create", "-q", .. secret, .. unsafely, "-f", format, .. with, file, "64M"], tries: 20);
        return file;
    }

    /// <summary>For LUKS qemu-img measures its own CPU time, and gives up where the kernel's coarse clock shows none: that says nothing about the file.</summary>
    private static async Task Create(string[] arguments, int tries)
    {
        try
        {
            await LiveCloud.Run("qemu-img", arguments, null);
        }
        catch (ShouldAssertException gaveUp) when (tries > 1 && gaveUp.Message.Contains("accurate CPU usage", StringComparison.Ordinal))
        {
            await Create(arguments, tries - 1);
        }
    }

    private static long? Judge(string format, string path)
    {
        var watch = new FormatWatch(format, bare: true);
        using var file = File.OpenRead(path);
        var buffer = new byte[300_000];
        while (file.Read(buffer) is > 0 and var read)
        {
            watch.Watch(buffer.AsSpan(0, read));
        }

        return watch.Finish();
    }
}
