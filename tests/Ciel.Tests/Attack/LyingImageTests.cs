using System.Buffers.Binary;
using System.Text;
using Ciel.Core.Errors;
using Ciel.Services.Images.Formats;

namespace Ciel.Tests.Attack;

/// <summary>Images that would have somebody's files read when they are converted.</summary>
public class LyingImageTests
{
    private const string Flat = "# Disk DescriptorFile\nversion=1\ncreateType=\"monolithicFlat\"\nRW 20480 FLAT \"/etc/passwd\" 0\n";

    /// <summary>Regression: a descriptor that named a file of the host was taken as a vmdk image.</summary>
    [Fact]
    public void AVmdkThatNamesAnotherFileIsRefused() => Should.Throw<Fault>(() => Watch(Encoding.ASCII.GetBytes(Flat))).Status.ShouldBe(400);

    [Theory]
    [InlineData("monolithicFlat", false)]
    [InlineData("vmfs", false)]
    [InlineData("monolithicSparse", true)]
    [InlineData("streamOptimized", true)]
    public void AVmdkIsTakenByWhereItsDescriptorSaysThatItsDataIs(string kind, bool taken)
    {
        var file = Sparse($"# Disk DescriptorFile\ncreateType=\"{kind}\"\n");
        if (taken)
        {
            Watch(file).ShouldBe(20480 * 512);
        }
        else
        {
            Should.Throw<Fault>(() => Watch(file)).Status.ShouldBe(400);
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue, 1ul)]
    [InlineData(1ul, ulong.MaxValue)]
    [InlineData(127ul, 900ul)]
    public void AVmdkWhoseDescriptorCannotBeReadIsRefused(ulong at, ulong size)
    {
        var file = Sparse("");
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(28), at);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(36), size);
        Should.Throw<Fault>(() => Watch(file)).Status.ShouldBe(400);
    }

    private static long? Watch(byte[] file)
    {
        var watch = new FormatWatch("vmdk", bare: true);
        watch.Watch(file);
        return watch.Finish();
    }

    private static byte[] Sparse(string descriptor)
    {
        var file = new byte[65536];
        "KDMV"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(12), 20480);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(28), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(36), 20);
        Encoding.ASCII.GetBytes(descriptor).CopyTo(file, 512);
        return file;
    }
}
