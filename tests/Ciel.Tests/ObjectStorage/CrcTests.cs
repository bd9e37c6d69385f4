using System.Text;
using Ciel.Services.ObjectStorage.Body;
using CsCheck;

namespace Ciel.Tests.ObjectStorage;

public class CrcTests
{
    // The check values of the three in the catalogue of parametrised CRCs, of the digits 1 to 9.
    [Theory]
    [InlineData("CRC32", 0xCBF43926UL)]
    [InlineData("CRC32C", 0xE3069283UL)]
    [InlineData("CRC64NVME", 0xAE8B14860A799888UL)]
    public void The_digits_have_the_value_that_the_catalogue_says(string name, ulong value)
    {
        var crc = Of(name);
        crc.Finish(crc.Append(crc.Start, Encoding.ASCII.GetBytes("123456789"))).ShouldBe(value);
    }

    [Fact]
    public void However_bytes_are_cut_the_value_is_that_of_byte_after_byte() => Gen.Select(Gen.Int[0, 2], Gen.Byte.Array[0, 1000], Gen.Int[0, 1000]).Sample(
        (name, bytes, cut) =>
        {
            var crc = Of(Checksum.Names[name]);
            var one = bytes.Aggregate(crc.Start, (state, b) => crc.Append(state, [b]));
            cut = Math.Min(cut, bytes.Length);
            crc.Append(crc.Append(crc.Start, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)).ShouldBe(one);
        },
        iter: 2000);

    private static Crc Of(string name) => name switch { "CRC32" => Crc.Crc32, "CRC32C" => Crc.Crc32C, _ => Crc.Crc64Nvme };
}
