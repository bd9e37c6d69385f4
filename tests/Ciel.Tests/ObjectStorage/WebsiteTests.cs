using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Buckets as websites.</summary>
public class WebsiteTests
{
    private const string Open = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}]}""";

    private const string Pages = """
        <WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument><ErrorDocument><Key>oops.html</Key></ErrorDocument>
        <RoutingRules><RoutingRule><Condition><KeyPrefixEquals>old/</KeyPrefixEquals></Condition><Redirect><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith><HttpRedirectCode>302</HttpRedirectCode></Redirect></RoutingRule>
        <RoutingRule><Condition><KeyPrefixEquals>lost/</KeyPrefixEquals><HttpErrorCodeReturnedEquals>403</HttpErrorCodeReturnedEquals></Condition><Redirect><HostName>else.example</HostName><Protocol>https</Protocol><ReplaceKeyWith>found</ReplaceKeyWith></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>
        """;

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task PagesAreServed(string kind)
    {
        await using var cloud = await Site(kind);
        (await Get(cloud, "/")).ShouldBe((200, "home", null));
        (await Get(cloud, "/docs/")).ShouldBe((200, "docs", null));
        (await Get(cloud, "/docs")).ShouldBe((302, "", "/docs/"));
        (await Get(cloud, "/page.html?versionId=x&acl")).ShouldBe((200, "page", null));
        (await Get(cloud, "/none")).ShouldBe((403, "sorry", null));
        (await Get(cloud, "/old/a%20b")).ShouldBe((302, "", "http://bucket.s3-website.localhost/new/a%20b"));
        (await Get(cloud, "/lost/x")).ShouldBe((301, "", "https://else.example/found"));
        (await cloud.Main.Put("/bucket/moved", "", ("x-amz-website-redirect-location", "/page.html"))).Ok();
        (await Get(cloud, "/moved")).ShouldBe((301, "", "/page.html"));
        (await cloud.Main.Get("/bucket/moved")).Ok()["x-amz-website-redirect-location"].ShouldBe("/page.html");
        (await Send(cloud, HttpMethod.Head, "bucket.s3-website.localhost", "/")).Status.ShouldBe(200);
        (await Send(cloud, HttpMethod.Post, "bucket.s3-website.localhost", "/")).Status.ShouldBe(405);
        (await Send(cloud, HttpMethod.Delete, "bucket.s3-website.localhost", "/page.html")).Status.ShouldBe(405);
        (await Get(cloud, "/page.html")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task WhatIsNotOpenStaysShut()
    {
        await using var cloud = await Site("sqlite");
        (await cloud.Main.Delete("/bucket?policy")).Ok();
        (await Get(cloud, "/page.html")).Status.ShouldBe(403);
        (await cloud.Main.Get("/bucket/page.html")).Text.ShouldBe("page");
    }

    [Fact]
    public async Task WithoutPagesOfItsOwnTheDoorsAreShown()
    {
        await using var cloud = await S3Cloud.Start();
        var none = await Get(cloud, "/");
        none.Status.ShouldBe(404);
        none.Text.ShouldContain("NoSuchWebsiteConfiguration");
        (await Send(cloud, HttpMethod.Get, "nobody.s3-website.localhost", "/")).Text.ShouldContain("NoSuchBucket");
        (await cloud.Main.Put("/bucket?website", "<WebsiteConfiguration><IndexDocument><Suffix>i</Suffix></IndexDocument></WebsiteConfiguration>")).Ok();
        (await cloud.Main.Put("/bucket?policy", Open.Replace("s3:GetObject\"", "s3:*\"", StringComparison.Ordinal).Replace("bucket/*\"", "bucket*\"", StringComparison.Ordinal))).Ok();
        var missing = await Get(cloud, "/%3Cscript%3E");
        missing.Status.ShouldBe(404);
        missing.Text.ShouldContain("NoSuchKey");
        missing.Text.ShouldContain("&lt;script&gt;");
        missing.Text.ShouldNotContain("<script>");
    }

    [Fact]
    public async Task EverythingMayGoElsewhere()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket?website", "<WebsiteConfiguration><RedirectAllRequestsTo><HostName>www.example.com</HostName></RedirectAllRequestsTo></WebsiteConfiguration>")).Ok();
        (await Get(cloud, "/a/b?c")).ShouldBe((301, "", "http://www.example.com/a/b"));
        (await cloud.Main.Get("/bucket?website")).Ok().All("HostName").ShouldBe(["www.example.com"]);
        (await cloud.Main.Delete("/bucket?website")).Ok();
        (await cloud.Main.Get("/bucket?website")).Code.ShouldBe("NoSuchWebsiteConfiguration");
    }

    [Fact]
    public async Task ABucketMayBearItsSitesWholeName()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/www.example.com")).Ok();
        (await Send(cloud, HttpMethod.Get, "www.example.com", "/")).Status.ShouldBe(400);
        (await cloud.Main.Put("/www.example.com?website", "<WebsiteConfiguration><IndexDocument><Suffix>i</Suffix></IndexDocument></WebsiteConfiguration>")).Ok();
        (await cloud.Main.Put("/www.example.com/i", "hello", ("x-amz-acl", "public-read"))).Ok();
        (await Send(cloud, HttpMethod.Get, "www.example.com", "/")).Text.ShouldBe("hello");
        (await Send(cloud, HttpMethod.Get, "other.example.com", "/")).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("<WebsiteConfiguration/>", "InvalidArgument")]
    [InlineData("<WebsiteConfiguration><IndexDocument><Suffix>a/b</Suffix></IndexDocument></WebsiteConfiguration>", "InvalidArgument")]
    [InlineData("<WebsiteConfiguration><RedirectAllRequestsTo/></WebsiteConfiguration>", "InvalidRequest")]
    [InlineData("<WebsiteConfiguration><RedirectAllRequestsTo><HostName>a b</HostName></RedirectAllRequestsTo></WebsiteConfiguration>", "InvalidArgument")]
    [InlineData("<WebsiteConfiguration><RedirectAllRequestsTo><HostName>a:1\nX-Evil: 1</HostName></RedirectAllRequestsTo></WebsiteConfiguration>", "InvalidArgument")]
    [InlineData("<WebsiteConfiguration><RedirectAllRequestsTo><HostName>a</HostName><Protocol>ftp</Protocol></RedirectAllRequestsTo></WebsiteConfiguration>", "InvalidRequest")]
    [InlineData("<WebsiteConfiguration><RedirectAllRequestsTo><HostName>a</HostName></RedirectAllRequestsTo><IndexDocument><Suffix>i</Suffix></IndexDocument></WebsiteConfiguration>", "InvalidRequest")]
    [InlineData("<WebsiteConfiguration><IndexDocument><Suffix>i</Suffix></IndexDocument><RoutingRules><RoutingRule><Redirect><HttpRedirectCode>200</HttpRedirectCode></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>", "InvalidRequest")]
    [InlineData("<WebsiteConfiguration><IndexDocument><Suffix>i</Suffix></IndexDocument><RoutingRules><RoutingRule><Condition/><Redirect/></RoutingRule></RoutingRules></WebsiteConfiguration>", "InvalidRequest")]
    [InlineData("<Other/>", "MalformedXML")]
    public async Task ABadConfigurationIsRefused(string document, string code)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket?website", document)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task ABadRedirectOfAnObjectIsRefused()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/x", "", ("x-amz-website-redirect-location", "javascript:alert(1)"))).Code.ShouldBe("InvalidRedirectLocation");
    }

    private static async Task<S3Cloud> Site(string kind)
    {
        var cloud = await S3Cloud.Start(kind);
        foreach (var (key, text) in (IEnumerable<(string, string)>)[("index.html", "home"), ("docs/index.html", "docs"), ("page.html", "page"), ("oops.html", "sorry")])
        {
            (await cloud.Main.Put("/bucket/" + key, text)).Ok();
        }

        (await cloud.Main.Put("/bucket?policy", Open)).Ok();
        (await cloud.Main.Put("/bucket?website", Pages)).Ok();
        return cloud;
    }

    private static Task<(int Status, string Text, string? Location)> Get(S3Cloud cloud, string path) => Send(cloud, HttpMethod.Get, "bucket.s3-website.localhost", path);

    private static async Task<(int Status, string Text, string? Location)> Send(S3Cloud cloud, HttpMethod method, string host, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(cloud.Door, path));
        request.Headers.Host = host;
        using var answer = await cloud.Http.SendAsync(request);
        return ((int)answer.StatusCode, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()), answer.Headers.Location?.OriginalString);
    }
}
