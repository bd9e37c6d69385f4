using System.Net;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Which tags S3 takes, and the words with which it refuses the others.</summary>
public class TagTests
{
    [Theory]
    [InlineData("&&", "")]
    [InlineData("a", "a=")]
    [InlineData("a=&b@=c@", "a=,b@=c@")]
    [InlineData("a%2E=b%2F&c++d=%2B", "a.=b/,c  d=+")]
    [InlineData("%D0%BA=%C3%BC", "к=ü")]
    public async Task Tags_of_the_header(string header, string kept)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x", ("x-amz-tagging", header))).Ok();
        var tags = (await cloud.Main.Get("/bucket/key?tagging")).Ok();
        string.Join(',', tags.All("Key").Zip(tags.All("Value"), (key, value) => $"{key}={value}")).ShouldBe(kept);
    }

    [Theory]
    [InlineData("=", "InvalidArgument")]
    [InlineData("a%", "InvalidArgument")]
    [InlineData("a=1&a=2", "InvalidArgument")]
    [InlineData("a!=1", "InvalidTag")]
    [InlineData("a=1%23", "InvalidTag")]
    [InlineData("aws:a=1", "InvalidTag")]
    public async Task Marks_that_tags_may_not_have_were_kept(string header, string code)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x", ("x-amz-tagging", header))).Code.ShouldBe(code);
        (await cloud.Main.Post("/bucket/key?uploads", "", ("x-amz-tagging", header))).Code.ShouldBe(code);
        (await cloud.Main.Head("/bucket/key")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_new_buckets_tags_were_dropped()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/tagged", Creation("<Tag><Key>a#</Key><Value>b</Value></Tag>"))).Code.ShouldBe("InvalidTag");
        (await cloud.Main.Put("/tagged", Creation(string.Concat(Enumerable.Range(0, 51).Select(i => $"<Tag><Key>{i}</Key><Value/></Tag>"))))).Code.ShouldBe("BadRequest");
        (await cloud.Main.Put("/tagged", Creation("<Tag><Key>a</Key><Value>b</Value></Tag>"))).Ok();
        var tags = (await cloud.Main.Get("/tagged?tagging")).Ok();
        tags.All("Key").ShouldBe(["a"]);
        tags.All("Value").ShouldBe(["b"]);
    }

    private static string Creation(string tags) => $"<CreateBucketConfiguration><Tags>{tags}</Tags></CreateBucketConfiguration>";
}
