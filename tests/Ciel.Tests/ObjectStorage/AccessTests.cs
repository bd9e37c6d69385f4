using System.Net;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Who may do what with whose buckets.</summary>
public class AccessTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AStrangerGetsNothingUntilItIsGranted(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var (stranger, strangerProject) = await cloud.Account("stranger");
        (await cloud.Main.Put("/bucket/key", "mine")).Ok();
        foreach (var path in (string[])["/bucket", "/bucket?acl", "/bucket?policy", "/bucket?versions", "/bucket?uploads", "/bucket?location", "/bucket/key", "/bucket/key?acl", "/bucket/key?tagging", "/bucket/none"])
        {
            (await stranger.Get(path)).Code.ShouldBe("AccessDenied", path);
        }

        (await stranger.Put("/bucket/key", "theirs")).Code.ShouldBe("AccessDenied");
        (await stranger.Delete("/bucket/key")).Code.ShouldBe("AccessDenied");
        (await stranger.Delete("/bucket")).Code.ShouldBe("AccessDenied");
        (await stranger.Put("/copy")).Ok();
        (await stranger.Put("/copy/key", "", ("x-amz-copy-source", "/bucket/key"))).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/bucket/key?acl", "", ("x-amz-grant-read", $"id={strangerProject}"))).Ok();
        (await stranger.Get("/bucket/key")).Text.ShouldBe("mine");
        (await stranger.Put("/bucket/key", "theirs")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Get("/bucket/key")).Text.ShouldBe("mine");
    }

    [Fact]
    public async Task APolicyAllowsAndDenies()
    {
        await using var cloud = await S3Cloud.Start();
        var nobody = cloud.Main.As(anonymous: true);
        (await cloud.Main.Put("/bucket/open/key", "seen")).Ok();
        (await cloud.Main.Put("/bucket/shut", "unseen")).Ok();
        (await cloud.Main.Put("/bucket?policy", Policy("""{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::bucket/open/*"}"""))).Ok();
        (await nobody.Get("/bucket/open/key")).Text.ShouldBe("seen");
        (await nobody.Get("/bucket/shut")).Code.ShouldBe("AccessDenied");
        (await nobody.Delete("/bucket/open/key")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/bucket?policy", Policy("""{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*","Condition":{"StringNotEquals":{"aws:Referer":"there"}}}"""))).Ok();
        (await cloud.Main.Get("/bucket/shut")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Get("/bucket/shut", ("Referer", "there"))).Text.ShouldBe("unseen");
        (await cloud.Main.Delete("/bucket?policy")).Ok();
        (await cloud.Main.Get("/bucket/shut")).Text.ShouldBe("unseen");
    }

    [Fact]
    public async Task APolicyForAServiceOfAmazonsWasSaidToNameNobody()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket?policy", Policy("""{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::bucket/logs/*"}"""))).Ok();
        (await cloud.Main.As(anonymous: true).Put("/bucket/logs/key", "x")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/bucket?policy", Policy("""{"Effect":"Allow","Principal":{"Service":[]},"Action":"s3:PutObject","Resource":"arn:aws:s3:::bucket/logs/*"}"""))).Code.ShouldBe("MalformedPolicy");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"Statement\":[{\"Effect\":\"Maybe\"}]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::other/*\"}]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"NotAction\":[],\"Resource\":\"*\"}]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:Get*\",\"NotAction\":\"s3:Put*\",\"Resource\":\"*\"}]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Sometimes\":{\"a\":\"b\"}}}]}")]
    public async Task AMalformedPolicyIsRefused(string policy)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket?policy", policy)).Code.ShouldBe("MalformedPolicy");
    }

    [Fact]
    public async Task PublicAccessCanBeBlocked()
    {
        await using var cloud = await S3Cloud.Start();
        var nobody = cloud.Main.As(anonymous: true);
        (await cloud.Main.Put("/bucket/key", "open", ("x-amz-acl", "public-read"))).Ok();
        (await nobody.Get("/bucket/key")).Text.ShouldBe("open");
        (await cloud.Main.Put("/bucket?publicAccessBlock", "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy></PublicAccessBlockConfiguration>")).Ok();
        (await nobody.Get("/bucket/key")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/bucket/other", "open", ("x-amz-acl", "public-read"))).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/bucket?policy", Policy("""{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::bucket/*"}"""))).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task AReaderOfTheProjectOnlyReads()
    {
        await using var cloud = await S3Cloud.Start();
        var (reader, _) = await cloud.Account("reader", "reader");
        (await reader.Get("/")).Ok();
        (await reader.Put("/readers-bucket")).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task ADisabledProjectsKeyOpensNothing()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Get("/bucket")).Ok();
        await cloud.Cloud.Send(HttpMethod.Patch, "/identity/v3/projects/" + cloud.MainProject, await cloud.Cloud.AdminToken(), new { project = new { enabled = false } });
        (await cloud.Main.Get("/bucket")).Code.ShouldBe("InvalidAccessKeyId");
    }

    [Fact]
    public async Task WhatIsLockedStays()
    {
        await using var cloud = await S3Cloud.Start();
        var s3 = cloud.Main;
        (await s3.Put("/locked", "", ("x-amz-bucket-object-lock-enabled", "true"))).Ok();
        var until = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        var version = (await s3.Put("/locked/key", "kept", ("x-amz-object-lock-mode", "GOVERNANCE"), ("x-amz-object-lock-retain-until-date", until))).Ok()["x-amz-version-id"];
        (await s3.Delete("/locked/key")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await s3.Delete("/locked/key?versionId=" + version)).Code.ShouldBe("AccessDenied");
        (await s3.Put($"/locked/key?retention&versionId={version}", $"<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>")).Code.ShouldBe("AccessDenied");
        (await s3.Put($"/locked/key?legal-hold&versionId={version}", "<LegalHold><Status>ON</Status></LegalHold>")).Ok();
        (await s3.Delete("/locked/key?versionId=" + version, ("x-amz-bypass-governance-retention", "true"))).Code.ShouldBe("AccessDenied");
        (await s3.Put($"/locked/key?legal-hold&versionId={version}", "<LegalHold><Status>OFF</Status></LegalHold>")).Ok();
        (await s3.Delete("/locked/key?versionId=" + version, ("x-amz-bypass-governance-retention", "true"))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    private static string Policy(string statement) => $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""";
}
