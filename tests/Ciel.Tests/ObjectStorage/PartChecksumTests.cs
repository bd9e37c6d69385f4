using System.Net;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Parts whose client declares another checksum than the one that is kept where their upload names none.</summary>
public class PartChecksumTests
{
    // CRC-32 and CRC-64/NVME of "123456789", as the catalogue of CRCs has them.
    private const string Text = "123456789";
    private const string Crc32 = "y/Q5Jg==";
    private const string Crc64Nvme = "rosUhgp5mIg=";

    [Fact]
    public async Task A_parts_own_checksum_was_not_compared()
    {
        await using var cloud = await S3Cloud.Start();
        var upload = await Begin(cloud);
        (await cloud.Main.Put($"/bucket/key?partNumber=1&uploadId={upload}", Text, ("x-amz-checksum-crc32", "y/Q5Jw=="))).Code.ShouldBe("BadDigest");
        (await cloud.Main.Put($"/bucket/key?partNumber=1&uploadId={upload}", Text, ("x-amz-checksum-crc32", Crc32))).Ok();
    }

    [Fact]
    public async Task The_object_was_told_to_have_its_parts_checksum_under_another_name()
    {
        await using var cloud = await S3Cloud.Start();
        var upload = await Begin(cloud);
        var part = (await cloud.Main.Put($"/bucket/key?partNumber=1&uploadId={upload}", Text, ("x-amz-checksum-crc32", Crc32))).Ok();
        var whole = $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{WebUtility.HtmlEncode(part["ETag"])}</ETag></Part></CompleteMultipartUpload>";
        (await cloud.Main.Post($"/bucket/key?uploadId={upload}", whole)).Ok().All("ChecksumCRC64NVME").ShouldBe([Crc64Nvme]);
        (await cloud.Main.Head("/bucket/key", ("x-amz-checksum-mode", "ENABLED")))["x-amz-checksum-crc64nvme"].ShouldBe(Crc64Nvme);
    }

    private static async Task<string> Begin(S3Cloud cloud) => (await cloud.Main.Post("/bucket/key?uploads")).Ok().All("UploadId")[0];
}
