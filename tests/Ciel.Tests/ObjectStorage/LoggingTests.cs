using System.Text.RegularExpressions;
using Ciel.Core.Keepers;
using Ciel.Services.ObjectStorage.Logging;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Access logs.</summary>
public partial class LoggingTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task EachAccessIsALineInTheTargetBucket(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        (await cloud.Main.Put("/logs")).Ok();
        (await Configure(cloud, "logs", "log/")).Ok();
        (await cloud.Main.Put("/bucket/a%20b", "12345")).Ok();
        (await cloud.Main.Get("/bucket/a%20b", ("User-Agent", "me \"quoted\""), ("Referer", "http://r/"))).Ok();
        (await cloud.Main.As(anonymous: true).Get("/bucket/a%20b")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Get("/bucket?list-type=2")).Ok();
        (await cloud.Main.Get("/logs")).Ok();
        var lines = await Delivered(cloud, "log/", 4);
        lines.Select(l => l.Groups["operation"].Value).ShouldBe(["REST.PUT.OBJECT", "REST.GET.OBJECT", "REST.GET.OBJECT", "REST.GET.BUCKET"]);
        var get = lines[1];
        get.Groups["owner"].Value.ShouldBe(cloud.MainProject);
        get.Groups["bucket"].Value.ShouldBe("bucket");
        get.Groups["ip"].Value.ShouldBe("127.0.0.1");
        get.Groups["requester"].Value.ShouldNotBe("-");
        get.Groups["key"].Value.ShouldBe("a%20b");
        get.Groups["uri"].Value.ShouldBe("GET /bucket/a%20b HTTP/1.1");
        get.Groups["status"].Value.ShouldBe("200");
        get.Groups["error"].Value.ShouldBe("-");
        get.Groups["sent"].Value.ShouldBe("5");
        get.Groups["size"].Value.ShouldBe("5");
        get.Groups["referer"].Value.ShouldBe("http://r/");
        get.Groups["agent"].Value.ShouldBe("me %22quoted%22");
        lines[2].Groups["status"].Value.ShouldBe("403");
        lines[2].Groups["error"].Value.ShouldBe("AccessDenied");
        lines[2].Groups["requester"].Value.ShouldBe("-");
        (await cloud.Cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM object_log"))).ShouldBe(0);
    }

    [Fact]
    public async Task KeysMayBePartitionedAndGrantsAreGiven()
    {
        await using var cloud = await S3Cloud.Start();
        var (friend, friendProject) = await cloud.Account("friend");
        (await cloud.Main.Put("/logs")).Ok();
        (await Configure(cloud, "logs", "p/", $"<TargetGrants><Grant><Grantee><ID>{friendProject}</ID></Grantee><Permission>READ</Permission></Grant></TargetGrants><TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>EventTime</PartitionDateSource></PartitionedPrefix></TargetObjectKeyFormat>")).Ok();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        _ = await Delivered(cloud, "p/", 1);
        var key = (await cloud.Main.Get("/logs?prefix=p%2F")).Ok().All("Key").ShouldHaveSingleItem();
        key.ShouldMatch($@"^p/{cloud.MainProject}/us-east-1/bucket/\d{{4}}/\d\d/\d\d/\d{{4}}-\d\d-\d\d-00-00-00-[0-9A-F]{{16}}$");
        (await friend.Get("/logs/" + key)).Ok();
        (await friend.Get("/bucket/key")).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task AVersionIdOfAVisitorWroteLinesOfItsOwn()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/logs")).Ok();
        (await Configure(cloud, "logs", "log/")).Ok();
        (await cloud.Main.As(anonymous: true).Get("/bucket/key?versionId=a%20b%0D%0Aforged%20line")).Code.ShouldBe("InvalidArgument");
        (await Delivered(cloud, "log/", 1)).ShouldHaveSingleItem().Groups["version"].Value.ShouldBe("a%20b%0D%0Aforged%20line");
    }

    [Fact]
    public async Task WhatIsInMemoryOutlivesACleanStop()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/logs")).Ok();
        (await Configure(cloud, "logs", "")).Ok();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        await cloud.Cloud.Host.Parts.GetRequiredService<AccessLog>().DisposeAsync();
        (await cloud.Cloud.Db.Read(r => r.Scalar<string>("SELECT lines FROM object_log")))!.ShouldContain("REST.PUT.OBJECT key");
    }

    [Fact]
    public async Task AConfigurationIsGivenBackAndTakenAway()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Get("/bucket?logging")).Ok().Xml.HasElements.ShouldBeFalse();
        (await cloud.Main.Put("/logs")).Ok();
        (await Configure(cloud, "logs", "x/")).Ok();
        (await cloud.Main.Get("/bucket?logging")).Ok().All("TargetPrefix").ShouldBe(["x/"]);
        (await cloud.Main.Put("/bucket?logging", "<BucketLoggingStatus/>")).Ok();
        (await cloud.Main.Get("/bucket?logging")).Ok().Xml.HasElements.ShouldBeFalse();
    }

    [Fact]
    public async Task OnlyABucketOfTheSameOwnerTakesLogs()
    {
        await using var cloud = await S3Cloud.Start();
        var (stranger, _) = await cloud.Account("stranger");
        (await stranger.Put("/theirs")).Ok();
        (await Configure(cloud, "theirs", "")).Code.ShouldBe("InvalidTargetBucketForLogging");
        (await Configure(cloud, "nowhere", "")).Code.ShouldBe("InvalidTargetBucketForLogging");
        (await stranger.Put("/bucket?logging", Document("theirs", ""))).Code.ShouldBe("AccessDenied");
        (await stranger.Get("/bucket?logging")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/logs")).Ok();
        (await cloud.Main.Put("/logs?requestPayment", "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>")).Ok();
        (await Configure(cloud, "logs", "")).Code.ShouldBe("InvalidTargetBucketForLogging");
    }

    [Theory]
    [InlineData("<Nonsense/>")]
    [InlineData("<BucketLoggingStatus><Nonsense/></BucketLoggingStatus>")]
    [InlineData("<BucketLoggingStatus><LoggingEnabled/></BucketLoggingStatus>")]
    [InlineData("<BucketLoggingStatus><LoggingEnabled><TargetBucket>bucket</TargetBucket></LoggingEnabled></BucketLoggingStatus>")]
    [InlineData("<BucketLoggingStatus><LoggingEnabled><TargetBucket>bucket</TargetBucket><TargetPrefix/><LoggingType>Journal</LoggingType></LoggingEnabled></BucketLoggingStatus>")]
    [InlineData("<BucketLoggingStatus><LoggingEnabled><TargetBucket>bucket</TargetBucket><TargetPrefix/><TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>Whenever</PartitionDateSource></PartitionedPrefix></TargetObjectKeyFormat></LoggingEnabled></BucketLoggingStatus>")]
    [InlineData("<BucketLoggingStatus><LoggingEnabled><TargetBucket>bucket</TargetBucket><TargetPrefix/><TargetGrants><Grant><Grantee><ID>x</ID></Grantee><Permission>READ_ACP</Permission></Grant></TargetGrants></LoggingEnabled></BucketLoggingStatus>")]
    public async Task ABadConfigurationIsRefused(string document)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket?logging", document)).Code.ShouldBeOneOf("MalformedXML", "InvalidArgument");
    }

    private static Task<S3Answer> Configure(S3Cloud cloud, string target, string prefix, string more = "") => cloud.Main.Put("/bucket?logging", Document(target, prefix, more));

    private static string Document(string target, string prefix, string more = "") =>
        $"<BucketLoggingStatus><LoggingEnabled><TargetBucket>{target}</TargetBucket><TargetPrefix>{prefix}</TargetPrefix>{more}</LoggingEnabled></BucketLoggingStatus>";

    private static async Task<List<Match>> Delivered(S3Cloud cloud, string prefix, int count)
    {
        // A request is noted once it is answered, which its client may see a moment earlier.
        var log = cloud.Cloud.Host.Parts.GetRequiredService<AccessLog>();
        await KeepingTests.Until(async () =>
        {
            await log.Flush(CancellationToken.None);
            return (await cloud.Cloud.Db.Read(r => r.Query<string>("SELECT lines FROM object_log"))).Sum(l => l.Count(c => c == '\n')) >= count;
        });
        await cloud.Cloud.Db.Write(tx => cloud.Cloud.Host.Parts.GetRequiredService<KeeperBook>().Wake(tx, "object.logging"));
        await KeepingTests.Until(async () => await cloud.Cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM object_log")) == 0);
        var lines = new List<Match>();
        foreach (var key in (await cloud.Main.Get("/logs?prefix=" + Uri.EscapeDataString(prefix))).Ok().All("Key"))
        {
            lines.AddRange((await cloud.Main.Get("/logs/" + key)).Ok().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Line().Match(l)));
        }

        lines.ShouldAllBe(l => l.Success);
        return [.. lines.Where(l => !l.Groups["operation"].Value.EndsWith("LOGGING_STATUS", StringComparison.Ordinal))];
    }

    // As parsers of these logs have it: 26 fields.
    [GeneratedRegex("""^(?<owner>\S+) (?<bucket>\S+) \[(?<time>\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000)\] (?<ip>\S+) (?<requester>\S+) (?<request>\S+) (?<operation>\S+) (?<key>\S+) "(?<uri>[^"]*)" (?<status>\d+) (?<error>\S+) (?<sent>\S+) (?<size>\S+) (?<total>\d+) (?<turn>\S+) (?:"(?<referer>[^"]*)"|-) (?:"(?<agent>[^"]*)"|-) (?<version>\S+) (?<host>\S+) (?<sig>\S+) (?<cipher>\S+) (?<auth>\S+) (?<header>\S+) (?<tls>\S+) (?<point>\S+) (?<acl>\S+)$""")]
    private static partial Regex Line();
}
