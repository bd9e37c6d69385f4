using System.Net;
using Ciel.Tests.Egress;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Events of buckets reach the webhook of a topic: all of them, in order, for those who may.</summary>
public class NotificationTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task EventsReachTheWebhook(string kind)
    {
        await using var receiver = await Receiver.Start();
        await using var cloud = await S3Cloud.Start(kind, receiver.Target);
        var arn = await Topic(cloud, "hook", receiver.Url + "in?secret=1", ("OpaqueData", "mine"));
        (await Configure(cloud, arn, "s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*")).Ok();
        (await cloud.Main.Put("/bucket/a%20b/c", "12345")).Ok();
        (await cloud.Main.Put("/bucket/a%20b/c?tagging", "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>")).Ok();
        (await cloud.Main.Put("/bucket/copy", "", ("x-amz-copy-source", "/bucket/a%20b/c"))).Ok();
        (await cloud.Main.Delete("/bucket/a%20b/c")).Ok();
        (await cloud.Main.Delete("/bucket/never-there")).Ok();
        await Until(() => receiver.Seen.Count == 5);
        var messages = receiver.Seen.ToList();
        messages.ShouldAllBe(m => m.Path == "/in?secret=1");
        messages.Single(m => m.Json.TryGetProperty("Event", out _)).Json.GetProperty("Event").GetString().ShouldBe("s3:TestEvent");
        var records = messages.Where(m => m.Json.TryGetProperty("Records", out _)).Select(m => m.Json.GetProperty("Records")[0]).ToList();
        records.Where(r => Key(r) == "a+b/c").Select(r => r.GetProperty("eventName").GetString()).ShouldBe(["ObjectCreated:Put", "ObjectTagging:Put", "ObjectRemoved:Delete"]);
        records.Single(r => Key(r) == "copy").GetProperty("eventName").GetString().ShouldBe("ObjectCreated:Copy");
        var put = records.First(r => Key(r) == "a+b/c");
        put.GetProperty("eventVersion").GetString().ShouldBe("2.1");
        put.GetProperty("opaqueData").GetString().ShouldBe("mine");
        put.GetProperty("s3").GetProperty("configurationId").GetString().ShouldBe("rule");
        put.GetProperty("s3").GetProperty("bucket").GetProperty("arn").GetString().ShouldBe("arn:aws:s3:::bucket");
        put.GetProperty("s3").GetProperty("bucket").GetProperty("ownerIdentity").GetProperty("principalId").GetString().ShouldBe(cloud.MainProject);
        put.GetProperty("s3").GetProperty("object").GetProperty("size").GetInt64().ShouldBe(5);
        put.GetProperty("s3").GetProperty("object").GetProperty("eTag").GetString().ShouldBe("827ccb0eea8a706c4c34a16891f84e7b");
        records.Where(r => Key(r) == "a+b/c").Select(r => r.GetProperty("s3").GetProperty("object").GetProperty("sequencer").GetString()).ShouldBeInOrder(SortDirection.Ascending);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task NothingIsLostWhileTheReceiverIsDown(string kind)
    {
        await using var receiver = await Receiver.Start();
        await using var cloud = await S3Cloud.Start(kind, receiver.Target);
        receiver.Answer = http => http.Response.StatusCode = 503;
        var arn = await Topic(cloud, "hook", receiver.Url.ToString(), ("retry_sleep_duration", "0"));
        (await Configure(cloud, arn, "s3:ObjectCreated:*")).Ok();
        for (var i = 0; i < 10; i++)
        {
            (await cloud.Main.Put("/bucket/same", new string('x', i))).Ok();
        }

        await Until(() => receiver.Seen.Any(m => m.Status == 503 && m.Text.Contains("same", StringComparison.Ordinal)));
        var down = await Attributes(cloud, arn);
        long.Parse(down["EventsPending"]).ShouldBeGreaterThan(0);
        down["LastError"].ShouldContain("answered 503");
        receiver.Answer = _ => { };
        await Until(async () => (await Attributes(cloud, arn))["EventsPending"] == "0");
        var sizes = receiver.Seen.Where(m => m.Status == 200 && m.Json.TryGetProperty("Records", out _)).Select(m => m.Json.GetProperty("Records")[0].GetProperty("s3").GetProperty("object").GetProperty("size").GetInt32());
        sizes.Distinct().ShouldBe(Enumerable.Range(0, 10));
    }

    [Fact]
    public async Task WhatIsGivenUpIsToldAndMayBeSentAgain()
    {
        await using var receiver = await Receiver.Start();
        await using var cloud = await S3Cloud.Start(egress: receiver.Target);
        receiver.Answer = http => http.Response.StatusCode = 400;
        var arn = await Topic(cloud, "hook", receiver.Url.ToString(), ("retry_sleep_duration", "0"), ("max_retries", "1"));
        (await Configure(cloud, arn, "s3:ObjectCreated:*")).Ok();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        await Until(async () => (await Attributes(cloud, arn))["EventsFailed"] == "2");
        receiver.Seen.Count.ShouldBe(4);
        receiver.Answer = _ => { };
        (await cloud.Main.Form("sns", ("Action", "SetTopicAttributes"), ("TopicArn", arn), ("AttributeName", "Redrive"), ("AttributeValue", "true"))).Ok();
        await Until(async () => await Attributes(cloud, arn) is { } now && now["EventsDelivered"] == "2" && now["EventsKeptForRedrive"] == "0");
    }

    [Fact]
    public async Task WithoutLeaveNothingInsideIsReached()
    {
        await using var receiver = await Receiver.Start();
        await using var cloud = await S3Cloud.Start();
        var arn = await Topic(cloud, "hook", receiver.Url.ToString(), ("retry_sleep_duration", "0"), ("max_retries", "0"));
        (await Configure(cloud, arn, "s3:ObjectCreated:*")).Ok();
        await Until(async () => (await Attributes(cloud, arn))["EventsFailed"] == "1");
        (await Attributes(cloud, arn))["LastError"].ShouldContain("--egress-allow");
        receiver.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task FiltersAndVersionsCount()
    {
        await using var receiver = await Receiver.Start();
        await using var cloud = await S3Cloud.Start(egress: receiver.Target);
        var arn = await Topic(cloud, "hook", receiver.Url.ToString());
        (await cloud.Main.Put("/bucket?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")).Ok();
        (await Configure(cloud, arn, "<Filter><S3Key><FilterRule><Name>Prefix</Name><Value>in/</Value></FilterRule><FilterRule><Name>suffix</Name><Value>.jpg</Value></FilterRule></S3Key></Filter>", "s3:ObjectCreated:Put", "s3:ObjectRemoved:DeleteMarkerCreated")).Ok();
        (await cloud.Main.Put("/bucket/in/no.png", "x")).Ok();
        (await cloud.Main.Put("/bucket/out/no.jpg", "x")).Ok();
        var version = (await cloud.Main.Put("/bucket/in/yes.jpg", "x")).Ok()["x-amz-version-id"];
        (await cloud.Main.Post("/bucket?delete", "<Delete><Object><Key>in/yes.jpg</Key></Object></Delete>")).Ok();
        (await cloud.Main.Delete($"/bucket/in/yes.jpg?versionId={version}")).Ok();
        await Until(() => receiver.Seen.Count == 3);
        var records = receiver.Seen.Where(m => m.Json.TryGetProperty("Records", out _)).Select(m => m.Json.GetProperty("Records")[0]).ToList();
        records.Select(r => r.GetProperty("eventName").GetString()).ShouldBe(["ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated"]);
        records[0].GetProperty("s3").GetProperty("object").GetProperty("versionId").GetString().ShouldBe(version);
    }

    [Fact]
    public async Task ATopicIsItsProjectsOwn()
    {
        await using var cloud = await S3Cloud.Start();
        var (stranger, _) = await cloud.Account("stranger");
        var (reader, _) = await cloud.Account("looker", "reader");
        var arn = await Topic(cloud, "hook", "https://hooks.example/");
        (await stranger.Form("sns", ("Action", "GetTopicAttributes"), ("TopicArn", arn))).Code.ShouldBe("NotFound");
        (await stranger.Form("sns", ("Action", "SetTopicAttributes"), ("TopicArn", arn), ("AttributeName", "push-endpoint"), ("AttributeValue", "https://evil.example/"))).Code.ShouldBe("NotFound");
        (await stranger.Form("sns", ("Action", "DeleteTopic"), ("TopicArn", arn))).Code.ShouldBe("NotFound");
        (await stranger.Form("sns", ("Action", "ListTopics"))).Ok().All("TopicArn").ShouldBeEmpty();
        (await stranger.Put("/theirs")).Ok();
        (await stranger.Put("/theirs?notification", Document(arn, "", "s3:ObjectCreated:*"))).Code.ShouldBe("InvalidArgument");
        (await stranger.Put("/bucket?notification", Document(arn, "", "s3:ObjectCreated:*"))).Code.ShouldBe("AccessDenied");
        (await stranger.Get("/bucket?notification")).Code.ShouldBe("AccessDenied");
        (await reader.Form("sns", ("Action", "CreateTopic"), ("Name", "mine"))).Code.ShouldBe("AuthorizationError");
        (await cloud.Main.As(anonymous: true).Form("sns", ("Action", "ListTopics"))).Code.ShouldBe("AuthorizationError");
        (await cloud.Main.Form("sns", ("Action", "ListTopics"))).All("TopicArn").ShouldBe([arn]);
        (await cloud.Main.Form("sns", ("Action", "DeleteTopic"), ("TopicArn", arn))).Ok();
        (await cloud.Main.Form("sns", ("Action", "DeleteTopic"), ("TopicArn", arn))).Ok();
        (await cloud.Main.Form("sns", ("Action", "GetTopicAttributes"), ("TopicArn", arn))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("Name", "a b")]
    [InlineData("push-endpoint", "ftp://x/")]
    [InlineData("push-endpoint", "http://user:pass@x/")]
    [InlineData("push-endpoint", "amqp://x")]
    [InlineData("kafka-ack-level", "broker")]
    [InlineData("time_to_live", "-1")]
    [InlineData("max_retries", "many")]
    [InlineData("verify-ssl", "false")]
    public async Task ABadTopicIsRefused(string attribute, string value)
    {
        await using var cloud = await S3Cloud.Start();
        var name = attribute == "Name" ? value : "hook";
        (await cloud.Main.Form("sns", ("Action", "CreateTopic"), ("Name", name), ("Attributes.entry.1.key", attribute), ("Attributes.entry.1.value", value))).Code.ShouldBe("InvalidParameter");
    }

    [Theory]
    [InlineData("<Nonsense/>", "MalformedXML")]
    [InlineData("<NotificationConfiguration><Nonsense/></NotificationConfiguration>", "MalformedXML")]
    [InlineData("<NotificationConfiguration><TopicConfiguration><Topic>ARN</Topic></TopicConfiguration></NotificationConfiguration>", "MalformedXML")]
    [InlineData("<NotificationConfiguration><TopicConfiguration><Event>s3:ObjectCreated:*</Event></TopicConfiguration></NotificationConfiguration>", "MalformedXML")]
    [InlineData("<NotificationConfiguration><TopicConfiguration><Topic>ARN</Topic><Event>s3:Nothing</Event></TopicConfiguration></NotificationConfiguration>", "InvalidArgument")]
    [InlineData("<NotificationConfiguration><TopicConfiguration><Topic>arn:aws:sns:us-east-1::none</Topic><Event>s3:ObjectCreated:*</Event></TopicConfiguration></NotificationConfiguration>", "InvalidArgument")]
    [InlineData("<NotificationConfiguration><TopicConfiguration><Topic>hook</Topic><Event>s3:ObjectCreated:*</Event></TopicConfiguration></NotificationConfiguration>", "InvalidArgument")]
    [InlineData("<NotificationConfiguration><QueueConfiguration><Queue>arn:aws:sqs:us-east-1::q</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>", "InvalidArgument")]
    [InlineData("<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>", "InvalidArgument")]
    [InlineData("<NotificationConfiguration><TopicConfiguration><Topic>ARN</Topic><Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>middle</Name><Value>x</Value></FilterRule></S3Key></Filter></TopicConfiguration></NotificationConfiguration>", "InvalidArgument")]
    [InlineData("<NotificationConfiguration><TopicConfiguration><Id>1</Id><Topic>ARN</Topic><Event>s3:ObjectCreated:*</Event></TopicConfiguration><TopicConfiguration><Id>2</Id><Topic>ARN</Topic><Event>s3:ObjectCreated:Put</Event></TopicConfiguration></NotificationConfiguration>", "InvalidArgument")]
    public async Task ABadConfigurationIsRefused(string document, string code)
    {
        await using var cloud = await S3Cloud.Start();
        var arn = await Topic(cloud, "hook", "https://hooks.example/");
        (await cloud.Main.Put("/bucket?notification", document.Replace("ARN", arn, StringComparison.Ordinal))).Code.ShouldBe(code);
        (await cloud.Main.Get("/bucket?notification")).Xml.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task AConfigurationIsGivenBackAndTakenAway()
    {
        await using var cloud = await S3Cloud.Start();
        var arn = await Topic(cloud, "hook", "https://hooks.example/");
        (await Configure(cloud, arn, "s3:ObjectCreated:*")).Ok();
        var kept = (await cloud.Main.Get("/bucket?notification")).Ok();
        kept.All("Topic").ShouldBe([arn]);
        kept.All("Id").ShouldBe(["rule"]);
        (await cloud.Main.Put("/bucket?notification", "<NotificationConfiguration/>")).Ok();
        (await cloud.Main.Get("/bucket?notification")).Xml.IsEmpty.ShouldBeTrue();
    }

    internal static async Task<string> Topic(S3Cloud cloud, string name, string url, params (string Name, string Value)[] attributes)
    {
        var fields = attributes.Prepend(("push-endpoint", url)).SelectMany((a, i) => (IEnumerable<(string, string)>)[($"Attributes.entry.{i + 1}.key", a.Item1), ($"Attributes.entry.{i + 1}.value", a.Item2)]);
        return (await cloud.Main.Form("sns", [("Action", "CreateTopic"), ("Name", name), .. fields])).Ok().All("TopicArn")[0];
    }

    internal static async Task<Dictionary<string, string>> Attributes(S3Cloud cloud, string arn)
    {
        var answer = (await cloud.Main.Form("sns", ("Action", "GetTopicAttributes"), ("TopicArn", arn))).Ok();
        return answer.All("key").Zip(answer.All("value")).ToDictionary(p => p.First, p => p.Second);
    }

    private static Task<S3Answer> Configure(S3Cloud cloud, string arn, params string[] events) =>
        cloud.Main.Put("/bucket?notification", Document(arn, events[0].StartsWith('<') ? events[0] : "", [.. events.Where(e => !e.StartsWith('<'))]));

    private static string Document(string arn, string filter, params string[] events) =>
        $"<NotificationConfiguration><TopicConfiguration><Id>rule</Id><Topic>{arn}</Topic>{string.Concat(events.Select(e => $"<Event>{e}</Event>"))}{filter}</TopicConfiguration></NotificationConfiguration>";

    private static string Key(System.Text.Json.JsonElement record) => record.GetProperty("s3").GetProperty("object").GetProperty("key").GetString()!;

    private static Task Until(Func<bool> holds) => KeepingTests.Until(() => Task.FromResult(holds()));

    private static Task Until(Func<Task<bool>> holds) => KeepingTests.Until(holds);
}
