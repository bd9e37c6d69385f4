using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Narrow rights that reached further than they say.</summary>
public class NarrowRightsTests
{
    private const string Versions = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";

    [Fact]
    public async Task WhoMightOnlyWriteMadeWhatItWrotePublicOrTaggedIt()
    {
        await using var cloud = await S3Cloud.Start();
        var writer = await cloud.IamUser(cloud.Main, "writer", IamClient.Policy("Allow", "s3:PutObject", "arn:aws:s3:::bucket/*"));
        foreach (var header in (IEnumerable<(string, string)>)[("x-amz-acl", "public-read"), ("x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/global/AllUsers"), ("x-amz-tagging", "state=checked")])
        {
            (await writer.Put("/bucket/key", "x", header)).Code.ShouldBe("AccessDenied", header.Item1);
            (await writer.Post("/bucket/key?uploads", "", header)).Code.ShouldBe("AccessDenied", header.Item1);
        }

        (await writer.Put("/bucket/key", "x")).Ok();
        (await writer.Put("/bucket/key", "x", ("x-amz-acl", "private"))).Ok();
        (await cloud.Main.As(anonymous: true).Get("/bucket/key")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Iam("PutUserPolicy", ("UserName", "writer"), ("PolicyName", "own"), ("PolicyDocument", IamClient.Policy("Allow", "s3:PutObject*", "arn:aws:s3:::bucket/*")))).Ok();
        (await writer.Put("/bucket/key", "x", ("x-amz-acl", "public-read"), ("x-amz-tagging", "a=b"))).Ok();
        (await cloud.Main.As(anonymous: true).Get("/bucket/key")).Ok();
    }

    [Fact]
    public async Task AnOwnersDenialOfListsWasPassedOverByAListInAHeader()
    {
        await using var cloud = await S3Cloud.Start();
        var (stranger, _) = await cloud.Account("stranger");
        (await cloud.Main.Put("/bucket?policy", """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::bucket/*"},
              {"Effect":"Deny","Principal":"*","Action":["s3:PutObjectAcl","s3:PutObjectTagging"],"Resource":"arn:aws:s3:::bucket/*"}]}
            """)).Ok();
        (await stranger.Put("/bucket/key", "x", ("x-amz-acl", "public-read"))).Code.ShouldBe("AccessDenied");
        (await stranger.Put("/bucket/key", "x", ("x-amz-tagging", "a=b"))).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/bucket/key", "x", ("x-amz-acl", "public-read"))).Code.ShouldBe("AccessDenied");
        (await stranger.Put("/bucket/key", "x")).Ok();
    }

    [Fact]
    public async Task WhoeverAListLetsWriteWasRefusedAListOfHisOwn()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/open", "", ("x-amz-acl", "public-read-write"))).Ok();
        (await Form(cloud, "/open", [("key", "a"), ("acl", "public-read"), ("=a", "x")])).ShouldBe(HttpStatusCode.NoContent);
        (await cloud.Main.As(anonymous: true).Get("/open/a")).Ok();
    }

    [Fact]
    public async Task WhoMightSetARuleReadAndWroteByItWhatWasNotHis()
    {
        await using var cloud = await S3Cloud.Start();
        foreach (var name in (string[])["bucket", "own", "secret"])
        {
            await cloud.Main.Put("/" + name);
            (await cloud.Main.Put($"/{name}?versioning", Versions)).Ok();
        }

        var user = await cloud.IamUser(cloud.Main, "user", """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::own","arn:aws:s3:::own/*"]},
              {"Effect":"Allow","Action":"s3:PutReplicationConfiguration","Resource":"*"}]}
            """);
        (await user.Put("/own?replication", Rule("secret"))).Code.ShouldBe("AccessDenied");
        (await user.Put("/secret?replication", Rule("own"))).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/own?replication", Rule("secret"))).Ok();
    }

    [Fact]
    public async Task ASecondFieldAfterAFormsFileLiftedTheLimitsThatWereSigned()
    {
        await using var cloud = await S3Cloud.Start();
        var swift = await SwiftClient.Of(cloud, "one");
        (await swift.Put("/box", "", ("X-Container-Meta-Temp-URL-Key", "k"))).Ok();
        const string expires = "4000000000";
        var path = swift.Path + "/box/in-";
        var signature = Signature($"{path}\n\n5\n1\n{expires}");
        (string, string)[] signed = [("max_file_size", "5"), ("max_file_count", "1"), ("expires", expires), ("signature", signature)];
        (await Form(cloud, path, [.. signed, ("=a", "12345"), ("max_file_count", "9"), ("max_file_size", "99"), ("=b", "1234567890")])).ShouldBe(HttpStatusCode.BadRequest);
        (await swift.Get("/box")).Text.ShouldBe("in-a\n");

        // A link that may describe one object is not a form's signature.
        var link = $"{swift.Path}/box/key?temp_url_sig={Signature($"POST\n{expires}\n{swift.Path}/box/key")}&temp_url_expires={expires}";
        (await Form(cloud, link, [("max_file_size", "99"), ("max_file_count", "9"), ("expires", expires), ("=-more", "x")])).ShouldBe(HttpStatusCode.Unauthorized);
        (await Form(cloud, path, [.. signed, ("=c", "12345")])).ShouldBe(HttpStatusCode.Created);

        static string Signature(string text) => Convert.ToHexStringLower(HMACSHA256.HashData("k"u8, Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public async Task AContainersKeyOpenedOtherContainersByWayOfALargeObject()
    {
        await using var cloud = await S3Cloud.Start();
        var (owner, partner) = (await SwiftClient.Of(cloud, "one"), await SwiftClient.Of(cloud, "two"));
        (await owner.Put("/secret")).Ok();
        (await owner.Put("/secret/a", "mine")).Ok();
        (await owner.Put("/drop", "", ("X-Container-Write", partner.Project + ":*"), ("X-Container-Meta-Temp-URL-Key", "k"))).Ok();
        (await owner.Put("/drop/part", "theirs")).Ok();
        var guest = owner.As(await cloud.Cloud.Token("two", "a long secret of two", "two"));
        (await guest.Put("/drop/in", "", ("X-Object-Manifest", "secret/a"))).Ok();
        (await guest.Put("/drop/own", "", ("X-Object-Manifest", "drop/part"))).Ok();
        (await owner.As(null).Get(Link("in", "k"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await owner.As(null).Get(Link("own", "k"))).Ok().Text.ShouldBe("theirs");
        (await owner.As(null).Get(Link("part", "k"))).Ok().Text.ShouldBe("theirs");
        (await owner.Get("/drop/in")).Ok().Text.ShouldBe("mine");

        // The account's own key stands for all of it.
        (await owner.Post("", ("X-Account-Meta-Temp-URL-Key", "whole"))).Ok();
        (await owner.As(null).Get(Link("in", "whole"))).Ok().Text.ShouldBe("mine");

        string Link(string key, string by)
        {
            var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(by), Encoding.UTF8.GetBytes($"GET\n4000000000\n{owner.Path}/drop/{key}")));
            return $"/drop/{key}?temp_url_sig={signature}&temp_url_expires=4000000000";
        }
    }

    [Fact]
    public async Task AnyOfNoValuesWasTakenForOneThatDiffers()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        foreach (var (condition, open) in (IEnumerable<(string, bool)>)[("ForAnyValue:StringNotEquals", false), ("ForAllValues:StringNotEquals", true), ("StringNotEquals", true), ("StringEquals", false)])
        {
            (await cloud.Main.Put("/bucket?policy", $$$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*","Condition":{"{{{condition}}}":{"s3:RequestObjectTagKeys":"secret"} } }]}""")).Ok();
            (await cloud.Main.As(anonymous: true).Get("/bucket/key")).Status.ShouldBe(open ? HttpStatusCode.OK : HttpStatusCode.Forbidden, condition);
        }
    }

    [Fact]
    public async Task AFormSaidOtherTagsToThePolicyThanItsObjectBore()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket?policy", """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Principal":"*","Action":["s3:PutObject","s3:PutObjectTagging"],"Resource":"arn:aws:s3:::bucket/*"},
              {"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::bucket/*","Condition":{"StringEquals":{"s3:RequestObjectTag/state":"checked"}}}]}
            """)).Ok();
        const string tags = "<Tagging><TagSet><Tag><Key>state</Key><Value>checked</Value></Tag></TagSet></Tagging>";
        (await Form(cloud, "/bucket", [("key", "a"), ("tagging", tags), ("=a", "x")])).ShouldBe(HttpStatusCode.Forbidden);
        (await Form(cloud, "/bucket", [("key", "a"), ("x-amz-tagging", "state=new"), ("tagging", tags), ("=a", "x")])).ShouldBe(HttpStatusCode.Forbidden);
        (await Form(cloud, "/bucket", [("key", "a"), ("tagging", tags.Replace("checked", "new", StringComparison.Ordinal)), ("=a", "x")])).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task AFormsFieldsTookMegabytesOfMemoryForAnybody()
    {
        await using var cloud = await S3Cloud.Start();
        (string, string)[] fields = [.. Enumerable.Range(0, 9).Select(i => ($"x-ignore-{i}", new string('a', 10_000))), ("key", "a"), ("=a", "x")];
        (await Form(cloud, "/bucket", fields)).ShouldBe(HttpStatusCode.BadRequest);
        (await Form(cloud, "/bucket", fields[3..])).ShouldBe(HttpStatusCode.Forbidden);
    }

    // A field that begins with = is a file of that name.
    private static async Task<HttpStatusCode> Form(S3Cloud cloud, string path, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            if (name[0] == '=')
            {
                form.Add(new StringContent(value), "file", name[1..]);
            }
            else
            {
                form.Add(new StringContent(value), name);
            }
        }

        using var answer = await cloud.Http.PostAsync(new Uri(cloud.Door, path), form);
        return answer.StatusCode;
    }

    private static string Rule(string to) =>
        $"<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Priority>1</Priority><Filter/><DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::{to}</Bucket></Destination></Rule></ReplicationConfiguration>";
}
