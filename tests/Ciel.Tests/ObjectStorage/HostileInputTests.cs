using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ciel.Services.ObjectStorage.Swift;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Requests that were answered with 500, or that made later ones so.</summary>
public class HostileInputTests
{
    private const string Start = "<LifecycleConfiguration><Rule><Status>Enabled</Status><Filter>";
    private const string End = "</Rule></LifecycleConfiguration>";

    [Theory]
    [InlineData("POST", "/bucket?delete", "<Delete><Object><Key>a&#xD800;b</Key></Object></Delete>", "MalformedXML")]
    [InlineData("POST", "/bucket?delete", "<Delete><Object><Key>a</Key><VersionId>&#0;</VersionId></Object></Delete>", "MalformedXML")]
    [InlineData("PUT", "/bucket?cors", "<CORSConfiguration><CORSRule><AllowedOrigin>&#1;</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", "MalformedXML")]
    [InlineData("PUT", "/bucket?cors", "<CORSConfiguration a='&#1;'><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", "MalformedXML")]
    [InlineData("PUT", "/bucket?policy", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/\ud800"}]}""", "MalformedPolicy")]
    [InlineData("PUT", "/bucket?policy", """{"Version":"2012-10-17","\ud800":1,"Statement":[]}""", "MalformedPolicy")]
    [InlineData("PUT", "/bucket?lifecycle", Start + "<Tag><Value>1</Value></Tag></Filter><Expiration><Days>1</Days></Expiration>" + End, "MalformedXML")]
    [InlineData("PUT", "/bucket?lifecycle", Start + "<And><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>a</Key><Value>1</Value></Tag></And></Filter><Expiration><Days>1</Days></Expiration>" + End, "MalformedXML")]
    public async Task TextsThatAreNoneWereInternalErrors(string method, string path, string body, string code)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Send(new HttpMethod(method), path, Encoding.UTF8.GetBytes(body))).Code.ShouldBe(code);
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
    }

    [Fact]
    public async Task ARuleOfMillionsOfDaysExpiredObjectsAtOnceOrMadeThemUnreadable()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        foreach (var days in (string[])["3000000", "200000000", "2147483647"])
        {
            (await cloud.Main.Put("/bucket?lifecycle", $"{Start}</Filter><Expiration><Days>{days}</Days></Expiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>{days}</DaysAfterInitiation></AbortIncompleteMultipartUpload>{End}")).Ok();
            (await cloud.Main.Get("/bucket/key")).Ok()["x-amz-expiration"].ShouldNotBeNull().ShouldContain("4764", Case.Sensitive, days);
        }
    }

    [Fact]
    public async Task AnObjectWithAForeignNameInItsHeadersCouldNotBeRead()
    {
        await using var cloud = await S3Cloud.Start();
        var swift = await SwiftClient.Of(cloud, "one");
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        foreach (var value in (string[])["%C3%A9%E6%BC%A2", "a%0D%0AX-Evil%3A%201", "%01%7F"])
        {
            var answer = await cloud.Main.Get("/bucket/key?response-content-disposition=" + value);
            answer.Ok().Text.ShouldBe("x", value);
            answer["X-Evil"].ShouldBeNull();
        }

        (await swift.Put("/box", "", ("X-Versions-Location", "a%0D%0Ab"))).Ok();
        (await swift.Get("/box")).Ok();
    }

    [Fact]
    public async Task ARangeToTheEndOfAllNumbersWasBeyondTheEnd()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "0123456789")).Ok();
        var answer = await cloud.Main.Get("/bucket/key", ("Range", "bytes=7-9223372036854775807"));
        answer.Text.ShouldBe("789");
        answer["Content-Range"].ShouldBe("bytes 7-9/10");
        (await cloud.Main.Put("/bucket/empty")).Ok();
        (await cloud.Main.Get("/bucket/empty", ("Range", "bytes=0-9223372036854775807"))).Status.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
    }

    [Fact]
    public async Task ATemporaryUrlForAThousandCenturiesWasAnInternalError()
    {
        await using var cloud = await S3Cloud.Start();
        var swift = await SwiftClient.Of(cloud, "one");
        (await swift.Put("/box", "", ("X-Container-Meta-Temp-URL-Key", "k"))).Ok();
        (await swift.Put("/box/key", "x")).Ok();
        foreach (var expires in (string[])["300000000000", "9999999999999", "9223372036854775807"])
        {
            var signature = Convert.ToHexStringLower(HMACSHA256.HashData("k"u8, Encoding.UTF8.GetBytes($"GET\n{expires}\n{swift.Path}/box/key")));
            (await swift.As(null).Get($"/box/key?temp_url_sig={signature}&temp_url_expires={expires}")).Ok().Text.ShouldBe("x", expires);
        }
    }

    [Fact]
    public async Task AStrangerWhoMightWriteLockedForTheOwnerForEver()
    {
        await using var cloud = await S3Cloud.Start();
        var (stranger, _) = await cloud.Account("stranger");
        (await cloud.Main.Put("/open", "", ("x-amz-bucket-object-lock-enabled", "true"), ("x-amz-acl", "public-read-write"))).Ok();
        (string, string)[] locked = [("x-amz-object-lock-mode", "COMPLIANCE"), ("x-amz-object-lock-retain-until-date", "2999-01-01T00:00:00Z")];
        (await stranger.Put("/open/key", "x", locked)).Code.ShouldBe("AccessDenied");
        (await stranger.Post("/open/key?uploads", "", locked)).Code.ShouldBe("AccessDenied");
        (await stranger.Put("/open/key", "x", ("x-amz-object-lock-legal-hold", "ON"))).Code.ShouldBe("AccessDenied");
        (await stranger.Put("/open/key", "x")).Ok();
        (await cloud.Main.Put("/open/key", "x", ("x-amz-object-lock-legal-hold", "ON"))).Ok();
    }

    [Fact]
    public async Task WhatTenantsWriteIsNotKeptOrRepeatedWithoutALimit()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        var cors = $"<CORSConfiguration><CORSRule><AllowedOrigin>{new string('a', 1_100_000)}</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
        (await cloud.Main.Put("/bucket?cors", cors)).Code.ShouldBe("InvalidRequest");
        (await cloud.Main.As(tamper: r => Rename(r, "us-east-1", new string('a', 100))).Get("/bucket/key")).Code.ShouldBe("AuthorizationHeaderMalformed");

        var resource = "arn:aws:s3:::bucket/" + string.Concat(Enumerable.Repeat("${aws:useragent}", 1000));
        (await cloud.Main.Put("/bucket?policy", $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"{{resource}}"}]}""")).Ok();
        (await cloud.Main.As(anonymous: true).Get("/bucket/key", ("User-Agent", new string('a', 8000)))).Code.ShouldBe("AccessDenied");

        static void Rename(HttpRequestMessage request, string from, string to)
        {
            var header = request.Headers.NonValidated["Authorization"].ToString().Replace(from, to, StringComparison.Ordinal);
            request.Headers.Remove("Authorization");
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }
    }

    [Theory]
    [InlineData("9 size=0\n", true)]
    [InlineData("20 path=a\n9 size=0\n", true)]
    [InlineData("24 path=c/a size=0.txt\n", false)]
    public async Task AnArchivesAttributeHidAHeaderThatTookMemory(string attributes, bool refused)
    {
        using var archive = new MemoryStream();
        foreach (var (type, size, content) in (IEnumerable<(char, int, string)>)[('x', attributes.Length, attributes), ('0', 1 << 30, ""), ('x', 1 << 30, "")])
        {
            var block = new byte[512];
            Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(block, 124);
            block[156] = (byte)type;
            archive.Write(block);
            archive.Write(Encoding.ASCII.GetBytes(content.Length > 0 ? content.PadRight(512, '\0') : ""));
        }

        archive.Position = 0;
        using var guard = new TarGuard(archive);
        var read = async () => await guard.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        await (refused ? read.ShouldThrowAsync<InvalidDataException>() : read());
    }
}
