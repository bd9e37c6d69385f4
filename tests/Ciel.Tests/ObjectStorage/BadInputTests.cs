using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>What is broken or hostile gets S3's own error, and nothing of it is kept.</summary>
public class BadInputTests
{
    private const string Bomb = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><Delete><Object><Key>&b;</Key></Object></Delete>";

    [Theory]
    [InlineData("POST", "/bucket?delete", Bomb, "MalformedXML")]
    [InlineData("POST", "/bucket?delete", "<Delete>", "MalformedXML")]
    [InlineData("POST", "/bucket?delete", "<Delete/>", "MalformedXML")]
    [InlineData("PUT", "/bucket?versioning", "<VersioningConfiguration><Status>Perhaps</Status></VersioningConfiguration>", "IllegalVersioningConfigurationException")]
    [InlineData("PUT", "/bucket?lifecycle", "<LifecycleConfiguration><Rule><Status>Enabled</Status><Prefix/><Expiration><Days>0</Days></Expiration></Rule></LifecycleConfiguration>", "InvalidArgument")]
    [InlineData("PUT", "/bucket?cors", "<CORSConfiguration/>", "MalformedXML")]
    [InlineData("PUT", "/bucket?replication", "<ReplicationConfiguration/>", "MalformedXML")]
    [InlineData("PUT", "/bucket?inventory", "<InventoryConfiguration/>", "NotImplemented")]
    [InlineData("PUT", "/bucket?notification", "<ReplicationConfiguration/>", "MalformedXML")]
    [InlineData("GET", "/bucket?max-keys=-1", null, "InvalidArgument")]
    [InlineData("GET", "/bucket?max-keys=many", null, "InvalidArgument")]
    [InlineData("GET", "/bucket?encoding-type=rot13", null, "InvalidArgument")]
    [InlineData("GET", "/bucket?continuation-token=%21&list-type=2", null, "InvalidArgument")]
    [InlineData("GET", "/bucket/key?versionId=", null, "InvalidArgument")]
    [InlineData("GET", "/bucket/key?partNumber=0", null, "NoSuchKey")]
    [InlineData("PUT", "/bucket/key?partNumber=10001&uploadId=x", "", "InvalidArgument")]
    [InlineData("PUT", "/bucket/key?partNumber=1&uploadId=x", "", "NoSuchUpload")]
    [InlineData("POST", "/bucket/key?uploadId=x", "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>", "NoSuchUpload")]
    [InlineData("PUT", "/UPPER", "", "InvalidBucketName")]
    [InlineData("PUT", "/192.168.0.1", "", "InvalidBucketName")]
    [InlineData("PATCH", "/bucket", "", "MethodNotAllowed")]
    [InlineData("PUT", "/", "", "MethodNotAllowed")]
    public async Task ItIsRefusedByItsName(string method, string path, string? body, string code)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Send(new HttpMethod(method), path, body is null ? null : Encoding.UTF8.GetBytes(body))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task AnEmptyBodyThatWaitsForLeaveEndsTheConnection()
    {
        await using var cloud = await S3Cloud.Start();
        var careful = cloud.Main.As(tamper: r => r.Headers.ExpectContinue = true);
        (await careful.Put("/bucket/empty")).Ok()["Connection"].ShouldBe("close");
        (await careful.Put("/bucket/full", "x")).Ok()["Connection"].ShouldBeNull();
    }

    [Theory]
    [InlineData("x-amz-acl", "everyone")]
    [InlineData("x-amz-grant-read", "id=nobody")]
    [InlineData("x-amz-storage-class", "CUPBOARD")]
    [InlineData("x-amz-tagging", "a=1&a=2")]
    [InlineData("x-amz-copy-source", "nowhere")]
    [InlineData("x-amz-copy-source", "%FF/key")]
    [InlineData("x-amz-server-side-encryption", "ROT13")]
    [InlineData("x-amz-server-side-encryption-customer-algorithm", "AES256")]
    [InlineData("x-amz-object-lock-mode", "GOVERNANCE")]
    [InlineData("x-amz-trailer", "x-amz-checksum-crc16")]
    [InlineData("x-amz-content-sha256", "unsigned")]
    public async Task ABadHeaderIsTheClientsFault(string header, string value)
    {
        await using var cloud = await S3Cloud.Start();
        var answer = await cloud.Main.Put("/bucket/key", "x", (header, value));
        ((int)answer.Status).ShouldBeInRange(400, 404, answer.Text);
        answer.Code.ShouldNotBeEmpty();
        (await cloud.Main.Head("/bucket/key")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET /bucket/%00 HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("GET /bucket/%FF HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("GET /bucket/key HTTP/1.1\r\nHost: evil.example\r\n")]
    [InlineData("GET /bucket/key HTTP/1.1\r\nHost: localhost.evil.example\r\n")]
    [InlineData("GET http://evil.example/bucket HTTP/1.1\r\nHost: evil.example\r\n")]
    public async Task ARawRequestIsRefused(string head)
    {
        await using var cloud = await S3Cloud.Start();
        (await Raw(cloud, head)).ShouldStartWith("HTTP/1.1 400 ");
    }

    [Fact]
    public async Task TheHostMayNameTheBucket()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "by host", ("x-amz-acl", "public-read"))).Ok();
        (await Raw(cloud, "GET /key HTTP/1.1\r\nHost: bucket.s3.localhost\r\n")).ShouldEndWith("by host");
        (await Raw(cloud, "GET /key HTTP/1.1\r\nHost: other.s3.localhost\r\n")).ShouldContain("<Code>NoSuchBucket</Code>");
    }

    [Fact]
    public async Task TooMuchMetadataIsRefused()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x", ("x-amz-meta-a", new string('a', 3000)))).Code.ShouldBe("MetadataTooLarge");
        (await cloud.Main.Put("/bucket/" + new string('k', 1025), "x")).Code.ShouldBe("KeyTooLongError");
    }

    private static async Task<string> Raw(S3Cloud cloud, string head)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", cloud.Door.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + "Connection: close\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
