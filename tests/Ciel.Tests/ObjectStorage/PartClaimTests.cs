using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>What clients say of parts' checksums, and of parts at all, when they complete an upload.</summary>
public class PartClaimTests
{
    private const string Text = "123456789";
    private static readonly string Sum = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
    private static readonly string Other = Convert.ToBase64String(new byte[32]);

    [Fact]
    public async Task A_completion_that_contradicts_its_upload_was_taken()
    {
        await using var cloud = await S3Cloud.Start();
        var (upload, etag) = await Part(cloud);
        async Task Refused(string code, string part, params (string, string)[] headers) => (await Complete(cloud, upload, part, headers)).Code.ShouldBe(code, part);

        var good = $"<PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumSHA256>{Sum}</ChecksumSHA256>";
        await Refused("InvalidRequest", good, ("x-amz-checksum-type", "HALF_OBJECT"));
        await Refused("InvalidRequest", good, ("x-amz-checksum-type", "FULL_OBJECT"));
        await Refused("InvalidRequest", good, ("x-amz-checksum-sha256", Sum), ("x-amz-checksum-crc32", "y/Q5Jg=="));
        await Refused("BadDigest", good, ("x-amz-checksum-sha256", Sum));
        await Refused("InvalidPart", $"<PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumSHA256>{Other}</ChecksumSHA256>");
        await Refused("InvalidArgument", $"<PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumSHA256>none</ChecksumSHA256>");
        await Refused("InvalidArgument", good + "<ChecksumCRC32>y/Q5Jg==</ChecksumCRC32>");
        await Refused("BadDigest", $"<PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumCRC32>y/Q5Jg==</ChecksumCRC32>");
        await Refused("InvalidArgument", $"<PartNumber>-4</PartNumber><ETag>{etag}</ETag>");
        var whole = Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Sum))) + "-1";
        (await Complete(cloud, upload, good, ("x-amz-checksum-sha256", whole), ("x-amz-checksum-type", "COMPOSITE"))).Ok().All("ChecksumSHA256").ShouldBe([whole]);
    }

    [Fact]
    public async Task Small_parts_in_the_wrong_order_were_called_small()
    {
        await using var cloud = await S3Cloud.Start();
        var (upload, etag) = await Part(cloud);
        (await cloud.Main.Put($"/bucket/key?partNumber=2&uploadId={upload}", Text, ("x-amz-checksum-sha256", Sum))).Ok();
        (await Complete(cloud, upload, $"<PartNumber>2</PartNumber><ETag>{etag}</ETag></Part><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag>")).Code.ShouldBe("InvalidPartOrder");
    }

    [Fact]
    public async Task A_part_without_an_upload_became_an_object()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key?partNumber=1", Text)).Code.ShouldBe("InvalidArgument");
        (await cloud.Main.Head("/bucket/key")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await cloud.Main.Get("/bucket/key?uploads")).Code.ShouldBe("InvalidRequest");
        (await cloud.Main.Get("/bucket/key?versions")).Code.ShouldBe("InvalidRequest");
    }

    [Fact]
    public async Task What_the_SDK_computed_was_not_held_against_what_it_sent()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", Text, ("x-amz-sdk-checksum-algorithm", "CRC32"))).Code.ShouldBe("InvalidRequest");
        (await cloud.Main.Put("/bucket/key", Text, ("x-amz-sdk-checksum-algorithm", "CRC32C"), ("x-amz-checksum-crc32", "y/Q5Jg=="))).Code.ShouldBe("InvalidRequest");
        (await cloud.Main.Put("/bucket/key", Text, ("x-amz-sdk-checksum-algorithm", "crc32"), ("x-amz-checksum-crc32", "y/Q5Jg=="))).Ok();
    }

    [Theory]
    [InlineData("bucket/%ZZ")]
    [InlineData("bucket/%C3%")]
    [InlineData("192.168.1.1/key")]
    public async Task A_copys_source_that_is_no_name_was_looked_for(string source)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/copy", "", ("x-amz-copy-source", source))).Code.ShouldBe("InvalidArgument");
    }

    [Theory]
    [InlineData("sthree-bucket")]
    [InlineData("amzn-s3-demo-bucket")]
    [InlineData("bucket--ol-s3")]
    [InlineData("bucket.mrap")]
    [InlineData("bucket--x-s3")]
    public async Task Names_that_S3_keeps_for_itself_were_given(string name)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/" + name)).Code.ShouldBe("InvalidBucketName");
    }

    private static async Task<(string Upload, string Etag)> Part(S3Cloud cloud)
    {
        var upload = (await cloud.Main.Post("/bucket/key?uploads", "", ("x-amz-checksum-algorithm", "SHA256"))).Ok().All("UploadId")[0];
        (await cloud.Main.Put($"/bucket/key?partNumber=1&uploadId={upload}", Text)).Code.ShouldBe("InvalidRequest");
        (await cloud.Main.Put($"/bucket/key?partNumber=1&uploadId={upload}", Text, ("x-amz-checksum-crc32", "y/Q5Jg=="))).Code.ShouldBe("InvalidRequest");
        return (upload, (await cloud.Main.Put($"/bucket/key?partNumber=1&uploadId={upload}", Text, ("x-amz-checksum-sha256", Sum))).Ok()["ETag"]!.Trim('"'));
    }

    private static Task<S3Answer> Complete(S3Cloud cloud, string upload, string part, params (string, string)[] headers) =>
        cloud.Main.Post($"/bucket/key?uploadId={upload}", $"<CompleteMultipartUpload><Part>{part}</Part></CompleteMultipartUpload>", headers);
}
