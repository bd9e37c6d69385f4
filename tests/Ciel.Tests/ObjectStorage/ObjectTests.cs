using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ciel.Core.Blobs;
using Microsoft.Extensions.DependencyInjection;

#pragma warning disable CA5351 // S3 defines ETags by MD5.

namespace Ciel.Tests.ObjectStorage;

/// <summary>Objects from their making to their end, on both databases.</summary>
public class ObjectTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AnObjectComesBackAsItWas(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var s3 = cloud.Main;
        var put = (await s3.Put("/bucket/a%20b/%2B%25//../%C3%BC", "hello", ("Content-Type", "text/plain"), ("x-amz-meta-colour", "red"))).Ok();
        put["ETag"].ShouldBe("\"5d41402abc4b2a76b9719d911017c592\"");
        var got = (await s3.Get("/bucket/a%20b/%2B%25//../%C3%BC")).Ok();
        got.Text.ShouldBe("hello");
        got["Content-Type"].ShouldBe("text/plain");
        got["x-amz-meta-colour"].ShouldBe("red");
        (await s3.Get("/bucket")).All("Key").ShouldBe(["a b/+%//../ü"]);
        (await s3.Delete("/bucket")).Code.ShouldBe("BucketNotEmpty");
        (await s3.Delete("/bucket/a%20b/%2B%25//../%C3%BC")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await s3.Get("/bucket/a%20b/%2B%25//../%C3%BC")).Code.ShouldBe("NoSuchKey");
        (await s3.Delete("/bucket")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await s3.Get("/bucket")).Code.ShouldBe("NoSuchBucket");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task LargeOnesAreReadInRangesAndCopied(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var bytes = new byte[300_000];
        new Random(7).NextBytes(bytes);
        (await cloud.Main.Send(HttpMethod.Put, "/bucket/large", bytes)).Ok();
        (await cloud.Main.Get("/bucket/large")).Bytes.ShouldBe(bytes);
        var range = await cloud.Main.Get("/bucket/large", ("Range", "bytes=100-199"));
        range.Status.ShouldBe(HttpStatusCode.PartialContent);
        range.Bytes.ShouldBe(bytes[100..200]);
        range["Content-Range"].ShouldBe("bytes 100-199/300000");
        (await cloud.Main.Get("/bucket/large", ("Range", "bytes=300000-"))).Code.ShouldBe("InvalidRange");
        (await cloud.Main.Put("/bucket/copy", "", ("x-amz-copy-source", "/bucket/large"))).Ok();
        (await cloud.Main.Get("/bucket/copy")).Bytes.ShouldBe(bytes);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task VersionsStayUntilTheyAreNamed(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var s3 = cloud.Main;
        (await s3.Put("/bucket/key", "null version")).Ok();
        (await s3.Put("/bucket?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")).Ok();
        var first = (await s3.Put("/bucket/key", "one")).Ok()["x-amz-version-id"];
        (await s3.Put("/bucket/key", "two")).Ok();
        var marker = (await s3.Delete("/bucket/key")).Ok();
        marker["x-amz-delete-marker"].ShouldBe("true");
        (await s3.Get("/bucket/key"))["x-amz-delete-marker"].ShouldBe("true");
        (await s3.Get("/bucket/key?versionId=" + first)).Text.ShouldBe("one");
        (await s3.Get("/bucket/key?versionId=null")).Text.ShouldBe("null version");
        (await s3.Get("/bucket?versions")).All("VersionId").Count.ShouldBe(4);
        (await s3.Delete("/bucket/key?versionId=" + marker["x-amz-version-id"])).Ok();
        (await s3.Get("/bucket/key")).Text.ShouldBe("two");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task OfWritersThatWantTheKeyFreeOneWins(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        // Regression: on PostgreSQL a writer decided by what it saw before another's commit, and then replaced what that one had written.
        foreach (var key in new[] { "a", "b", "c", "d", "once" })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => cloud.Main.Put("/bucket/" + key, "writer " + i, ("If-None-Match", "*"))));
            answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1, key);
            answers.Count(a => a.Code == "PreconditionFailed").ShouldBe(7, key);
        }

        (await Task.WhenAll(Enumerable.Range(0, 8).Select(i => cloud.Main.Put("/bucket/often", "writer " + i)))).ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        (await cloud.Main.Get("/bucket?versions")).All("Key").ShouldBe(["a", "b", "c", "d", "often", "once"]);
        (await cloud.Main.Put("/bucket/once", "x", ("If-Match", "\"other\""))).Code.ShouldBe("PreconditionFailed");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task PartsBecomeOneObject(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var s3 = cloud.Main;
        var id = (await s3.Post("/bucket/parts?uploads")).Ok().All("UploadId").Single();
        var large = new byte[5 << 20];
        new Random(3).NextBytes(large);
        var one = (await s3.Send(HttpMethod.Put, $"/bucket/parts?partNumber=1&uploadId={id}", large)).Ok()["ETag"];
        var two = (await s3.Put($"/bucket/parts?partNumber=7&uploadId={id}", "tail")).Ok()["ETag"];
        (await s3.Get($"/bucket/parts?uploadId={id}")).All("PartNumber").ShouldBe(["1", "7"]);
        (await s3.Get("/bucket?uploads")).All("UploadId").ShouldBe([id]);
        var parts = $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{one}</ETag></Part><Part><PartNumber>7</PartNumber><ETag>{two}</ETag></Part></CompleteMultipartUpload>";
        (await s3.Post($"/bucket/parts?uploadId={id}", parts.Replace(two!, one))).Code.ShouldBe("InvalidPart");
        var done = (await s3.Post($"/bucket/parts?uploadId={id}", parts)).Ok();
        (await s3.Post($"/bucket/parts?uploadId={id}", parts)).All("ETag").ShouldBe(done.All("ETag"));
        (await s3.Delete($"/bucket/parts?uploadId={id}")).Code.ShouldBe("NoSuchUpload");
        (await s3.Get("/bucket/parts")).Bytes.ShouldBe([.. large, .. Encoding.UTF8.GetBytes("tail")]);
        (await s3.Get("/bucket/parts?partNumber=2")).Text.ShouldBe("tail");
        (await s3.Head("/bucket/parts"))["ETag"].ShouldBe("\"" + Convert.ToHexStringLower(MD5.HashData([.. MD5.HashData(large), .. MD5.HashData("tail"u8)])) + "-2\"");
    }

    [Fact]
    public async Task EncryptedBytesAreNotOnTheDisk()
    {
        await using var cloud = await S3Cloud.Start();
        var text = string.Concat(Enumerable.Repeat("a plain secret ", 10_000));
        (await cloud.Main.Put("/bucket/sealed", text, ("x-amz-server-side-encryption", "AES256"))).Ok()["x-amz-server-side-encryption"].ShouldBe("AES256");
        (await cloud.Main.Put("/bucket/plain", text)).Ok();
        var files = Directory.GetFiles(cloud.Cloud.Host.Parts.GetRequiredService<BlobOptions>().Root, "????????-*", SearchOption.AllDirectories);
        files.Length.ShouldBe(2);
        files.Count(f => File.ReadAllText(f, Encoding.Latin1).Contains("secret", StringComparison.Ordinal)).ShouldBe(1, "the plain one");
        var got = (await cloud.Main.Get("/bucket/sealed", ("Range", "bytes=100001-100020"))).Ok();
        got.Text.ShouldBe(text[100_001..100_021]);
        var key = SHA256.HashData("customer"u8);
        (string, string)[] headers = [("x-amz-server-side-encryption-customer-algorithm", "AES256"), ("x-amz-server-side-encryption-customer-key", Convert.ToBase64String(key)), ("x-amz-server-side-encryption-customer-key-MD5", Convert.ToBase64String(MD5.HashData(key)))];
        (await cloud.Main.Put("/bucket/own", "theirs", headers)).Ok();
        (await cloud.Main.Get("/bucket/own")).Code.ShouldBe("InvalidRequest");
        (await cloud.Main.Get("/bucket/own", headers)).Text.ShouldBe("theirs");
    }
}
