using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Who may come in: signatures, clocks, chunks, and what is off by one byte.</summary>
public class SigningTests
{
    [Fact]
    public async Task WhatIsOffByOneByteIsRefused()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.As(tamper: r => Replace(r, "Authorization", v => v[..^1] + (v[^1] == 'a' ? 'b' : 'a'))).Get("/bucket")).Code.ShouldBe("SignatureDoesNotMatch");
        (await cloud.Main.As(tamper: r => r.Headers.TryAddWithoutValidation("x-amz-date", "20260101T000000Z")).Get("/bucket")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.As(tamper: r => Replace(r, "Authorization", v => v.Replace(cloud.Main.Access, "nobody"))).Get("/bucket")).Code.ShouldBe("InvalidAccessKeyId");
        (await cloud.Main.As(skew: TimeSpan.FromMinutes(-16)).Get("/bucket")).Code.ShouldBe("RequestTimeTooSkewed");
        (await cloud.Main.As(skew: TimeSpan.FromMinutes(14)).Get("/bucket")).Status.ShouldBe(HttpStatusCode.OK);
        (await cloud.Main.As(tamper: r => r.Content = new StringContent("altered")).Put("/bucket/key", "written")).Code.ShouldBe("XAmzContentSHA256Mismatch");
        (await cloud.Main.As(anonymous: true).Get("/bucket")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Get("/bucket/key")).Code.ShouldBe("NoSuchKey");
    }

    [Fact]
    public async Task ALinkOpensUntilItExpires()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "shared")).Ok();
        var stranger = cloud.Main.As(anonymous: true);
        var link = cloud.Main.Presign(HttpMethod.Get, "/bucket/key", 60);
        (await stranger.Get(link)).Text.ShouldBe("shared");
        (await stranger.Get(link.Replace("key?", "kez?", StringComparison.Ordinal))).Code.ShouldBe("SignatureDoesNotMatch");
        (await stranger.Get(link.Replace("Expires=60", "Expires=61", StringComparison.Ordinal))).Code.ShouldBe("SignatureDoesNotMatch");
        (await stranger.Get(cloud.Main.As(skew: TimeSpan.FromMinutes(-2)).Presign(HttpMethod.Get, "/bucket/key", 60))).Code.ShouldBe("AccessDenied");
        (await stranger.Get(cloud.Main.Presign(HttpMethod.Get, "/bucket/key", 604_801))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("good", "")]
    [InlineData("altered", "SignatureDoesNotMatch")]
    [InlineData("cut", "IncompleteBody")]
    [InlineData("short", "IncompleteBody")]
    public async Task ChunksAreSignedOneAfterTheOther(string how, string code)
    {
        await using var cloud = await S3Cloud.Start();
        const string text = "the first chunk and the second";
        var answer = await SendChunks(cloud.Main, text, how);
        answer.Code.ShouldBe(code);
        (await cloud.Main.Get("/bucket/chunks")).Text.Contains(text, StringComparison.Ordinal).ShouldBe(code.Length == 0);
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", "NhCmhg==", "")]
    [InlineData("x-amz-checksum-crc32c", "mnG7TA==", "")]
    [InlineData("x-amz-checksum-crc64nvme", "M3eFcAZSQlc=", "")]
    [InlineData("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=", "")]
    [InlineData("x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", "")]
    [InlineData("x-amz-checksum-crc32", "NhCmhQ==", "BadDigest")]
    [InlineData("x-amz-checksum-crc32", "short", "BadDigest")]
    [InlineData("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==", "")]
    [InlineData("Content-MD5", "XUFAKrxLKna5cZ2REBfFkA==", "BadDigest")]
    [InlineData("Content-MD5", "XUFA", "InvalidDigest")]
    public async Task ChecksumsAreChecked(string header, string value, string code)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "hello", (header, value))).Code.ShouldBe(code);
        (await cloud.Main.Head("/bucket/key")).Status.ShouldBe(code.Length == 0 ? HttpStatusCode.OK : HttpStatusCode.NotFound);
    }

    private static Task<S3Answer> SendChunks(S3Client s3, string text, string how)
    {
        var body = new MemoryStream();
        var authorization = "";
        var client = s3.As(tamper: request =>
        {
            authorization = request.Headers.GetValues("Authorization").Single();
            var stamp = request.Headers.GetValues("x-amz-date").Single();
            var previous = authorization[^64..];
            foreach (var chunk in (string[])[text[..15], text[15..], ""])
            {
                var toSign = $"AWS4-HMAC-SHA256-PAYLOAD\n{stamp}\n{S3Client.Scope(stamp)}\n{previous}\n{Hash("")}\n{Hash(chunk)}";
                previous = Convert.ToHexStringLower(HMACSHA256.HashData(s3.SigningKey(stamp), Encoding.UTF8.GetBytes(toSign)));
                var sent = how == "altered" && chunk.StartsWith(" and", StringComparison.Ordinal) ? chunk.Replace("and", "und", StringComparison.Ordinal) : chunk;
                body.Write(Encoding.UTF8.GetBytes($"{sent.Length:x};chunk-signature={previous}\r\n{sent}\r\n"));
            }

            request.Content = new ByteArrayContent(how == "cut" ? body.ToArray()[..^90] : body.ToArray());
        });
        var length = how == "short" ? text.Length + 1 : text.Length;
        return client.Put("/bucket/chunks", "", ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), ("x-amz-decoded-content-length", $"{length}"));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Replace(HttpRequestMessage request, string header, Func<string, string> change)
    {
        var value = change(request.Headers.GetValues(header).Single());
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
    }
}
