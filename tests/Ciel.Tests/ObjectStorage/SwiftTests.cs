using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>OpenStack's object storage on the same data as S3's.</summary>
public class SwiftTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task BothDoorsShowTheSameObjects(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var swift = new SwiftClient(cloud.Http, cloud.Door, cloud.MainProject, await cloud.Cloud.Token("main", "a long secret of main", "main"));
        (await cloud.Main.Put("/bucket/a/b%20c", "from s3", ("x-amz-meta-colour", "blue"))).Ok();
        var seen = (await swift.Get("/bucket/a/b%20c")).Ok();
        seen.Text.ShouldBe("from s3");
        seen["X-Object-Meta-colour"].ShouldBe("blue");
        seen["ETag"].ShouldBe(Md5("from s3"));
        (await swift.Put("/bucket/d", "from swift", ("X-Object-Meta-Size", "big"))).Status.ShouldBe(HttpStatusCode.Created);
        var back = (await cloud.Main.Get("/bucket/d")).Ok();
        back.Text.ShouldBe("from swift");
        back["x-amz-meta-size"].ShouldBe("big");
        (await swift.Get("/bucket")).Text.ShouldBe("a/b c\nd\n");
        (await swift.Get("/bucket?prefix=a&delimiter=/&format=json")).Text.ShouldBe("""[{"subdir":"a/"}]""");
        (await swift.Get("")).Text.ShouldBe("bucket\n");
        (await swift.Get("?format=json")).Text.ShouldContain("\"count\":2,\"bytes\":17");
        (await swift.Delete("/bucket")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await swift.Delete("/bucket/d")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await cloud.Main.Get("/bucket/d")).Code.ShouldBe("NoSuchKey");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task EachAccountHasItsOwnNames(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var one = await SwiftClient.Of(cloud, "one");
        var two = await SwiftClient.Of(cloud, "two");
        foreach (var name in (string[])["/images", "/Big%20Box", "/bucket"])
        {
            (await one.Put(name)).Status.ShouldBe(HttpStatusCode.Created, name);
            (await two.Put(name)).Status.ShouldBe(HttpStatusCode.Created, name);
            (await one.Put(name)).Status.ShouldBe(HttpStatusCode.Accepted, name);
            (await one.Put(name + "/key", "one")).Ok();
            (await two.Put(name + "/key", "two")).Ok();
            (await one.Get(name + "/key")).Text.ShouldBe("one", name);
            (await two.Get(name + "/key")).Text.ShouldBe("two", name);
        }

        (await one.Get("")).Text.ShouldBe("Big Box\nbucket\nimages\n");
        // The other's, by either's token, and S3's bucket of the name, are somebody else's.
        (await two.As(null).Get("/images/key")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await cloud.Main.Get("/images/key")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Get("/bucket/key")).Code.ShouldBe("NoSuchKey");
    }

    [Fact]
    public async Task AStrangerGetsOnlyWhatTheListsSay()
    {
        await using var cloud = await S3Cloud.Start();
        var one = await SwiftClient.Of(cloud, "one");
        var (strange, token) = await cloud.Cloud.Tenant("stranger");
        var stranger = one.As(token);
        (await one.Put("/box")).Ok();
        (await one.Put("/box/key", "mine")).Ok();
        foreach (var (method, path) in ((string, string)[])[("GET", ""), ("GET", "/box"), ("GET", "/box/key"), ("PUT", "/box/key"), ("POST", "/box"), ("POST", "/box/key"), ("DELETE", "/box/key"), ("DELETE", "/box"), ("PUT", "/new"), ("GET", "/none")])
        {
            (await stranger.Send(method, path, method is "PUT" or "POST" ? [] : null)).Status.ShouldBe(HttpStatusCode.Forbidden, method + path);
            (await one.As(null).Send(method, path, method is "PUT" or "POST" ? [] : null)).Status.ShouldBe(HttpStatusCode.Unauthorized, method + path);
        }

        (await stranger.Send("COPY", "/box/key", null, ("Destination", "box/stolen"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await one.Post("/box", ("X-Container-Read", strange + ":*"), ("X-Container-Write", "*:stranger"))).Ok();
        (await stranger.Get("/box/key")).Text.ShouldBe("mine");
        (await stranger.Put("/box/theirs", "theirs")).Ok();
        (await one.Get("/box/theirs")).Text.ShouldBe("theirs");
        (await stranger.Post("/box", ("X-Container-Read", ".r:*"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await one.Post("/box", ("X-Container-Read", ".r:*"), ("X-Remove-Container-Write", "x"))).Ok();
        (await one.As(null).Get("/box/key")).Text.ShouldBe("mine");
        (await one.As(null).Get("/box")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.Put("/box/theirs", "more")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await one.Post("/box", ("X-Container-Write", ".r:*"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task AReaderLooksAndTouchesNothing()
    {
        await using var cloud = await S3Cloud.Start();
        var (project, token) = await cloud.Cloud.Tenant("looker", "reader");
        var reader = new SwiftClient(cloud.Http, cloud.Door, project, token);
        (await reader.Get("")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await reader.Put("/box")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await reader.Post("", ("X-Account-Meta-Temp-Url-Key", "k"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task ATemporaryUrlOpensOneObjectForAWhile()
    {
        await using var cloud = await S3Cloud.Start();
        var one = await SwiftClient.Of(cloud, "one");
        (await one.Post("", ("X-Account-Meta-Temp-URL-Key", "key"))).Ok();
        (await one.Put("/box")).Ok();
        (await one.Put("/box/a", "here")).Ok();
        (await one.Put("/box/b", "there")).Ok();
        var nobody = one.As(null);
        var until = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60;
        var good = Link("GET", until, one.Path + "/box/a", "key");
        (await nobody.Get("/box/a" + good)).Text.ShouldBe("here");
        (await nobody.Get("/box/a" + good))["Content-Disposition"].ShouldStartWith("attachment");
        (await nobody.Send("HEAD", "/box/a" + good, null)).Status.ShouldBe(HttpStatusCode.OK);
        (await nobody.Get("/box/b" + good)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.Put("/box/a" + good, "x")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.Get("/box" + good)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.Get("/box/a" + Link("GET", until, one.Path + "/box/a", "another"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.Get("/box/a" + Link("GET", 1, one.Path + "/box/a", "key"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.Put("/box/c" + Link("PUT", until, one.Path + "/box/c", "key"), "new")).Status.ShouldBe(HttpStatusCode.Created);
        // A link to write must not become one that reads what its bearer names.
        (await nobody.Put("/box/c" + Link("PUT", until, one.Path + "/box/c", "key"), "", ("X-Copy-From", "/box/b"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.Put("/box/c" + Link("PUT", until, one.Path + "/box/c", "key"), "", ("X-Object-Manifest", "box/b"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task LargeObjectsAreTheirSegments(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var one = await SwiftClient.Of(cloud, "one");
        (await one.Put("/box")).Ok();
        (await one.Put("/parts")).Ok();
        (await one.Put("/parts/big/1", "Hello ")).Ok();
        (await one.Put("/parts/big/2", "there")).Ok();
        (await one.Put("/box/dynamic", "", ("X-Object-Manifest", "parts/big/"))).Ok();
        (await one.Get("/box/dynamic")).Text.ShouldBe("Hello there");
        (await one.Get("/box/dynamic", ("Range", "bytes=4-7"))).Text.ShouldBe("o th");
        var manifest = $$"""[{"path":"/parts/big/1","etag":"{{Md5("Hello ")}}","size_bytes":6},{"path":"parts/big/2"}]""";
        (await one.Put("/box/static?multipart-manifest=put", manifest)).Status.ShouldBe(HttpStatusCode.Created);
        var whole = await one.Get("/box/static");
        whole.Text.ShouldBe("Hello there");
        whole["ETag"].ShouldBe($"\"{Md5(Md5("Hello ") + Md5("there"))}\"");
        whole["X-Static-Large-Object"].ShouldBe("True");
        (await one.Put("/box/wrong?multipart-manifest=put", manifest.Replace("6", "7"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await one.Send("COPY", "/box/static", null, ("Destination", "box/copy"))).Status.ShouldBe(HttpStatusCode.Created);
        (await one.Put("/parts/big/2", "changed")).Ok();
        (await one.Get("/box/static")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await one.Get("/box/copy")).Text.ShouldBe("Hello there");
        (await one.Put("/parts/big/2", "there")).Ok();
        (await one.Delete("/box/static?multipart-manifest=delete")).Ok();
        (await one.Get("/parts")).Status.ShouldBe(HttpStatusCode.NoContent);
        // Another account's segments are not to be had by naming them.
        var two = await SwiftClient.Of(cloud, "two");
        (await two.Put("/box")).Ok();
        (await two.Put("/box/static?multipart-manifest=put", """[{"path":"/parts/big/1"}]""")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AnArchiveIsUnpackedAndAListRemoved(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var one = await SwiftClient.Of(cloud, "one");
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "box/a") { DataStream = new MemoryStream("1"u8.ToArray()) });
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "box/b/c") { DataStream = new MemoryStream("2"u8.ToArray()) });
        }

        (await one.Send("PUT", "?extract-archive=tar", archive.ToArray())).Text.ShouldContain("Number Files Created: 2");
        (await one.Get("/box/b/c")).Text.ShouldBe("2");
        (await one.Send("POST", "?bulk-delete", "box/a\nbox/b%2Fc\nbox/none\nbox"u8.ToArray())).Text.ShouldContain("Number Deleted: 3\nNumber Not Found: 1");
        (await one.Get("/box")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await one.Send("PUT", "?extract-archive=tar", Encoding.UTF8.GetBytes(new string('x', 2000)))).Text.ShouldContain("400 Bad Request");
        // A header that claims two gigabytes for its names.
        var claim = new byte[1024];
        "00000000000"u8.CopyTo(claim.AsSpan(100));
        "17777777777"u8.CopyTo(claim.AsSpan(124));
        claim[156] = (byte)'x';
        (await one.Send("PUT", "?extract-archive=tar", claim)).Text.ShouldContain("400 Bad Request");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task WhatIsOverwrittenComesBack(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var one = await SwiftClient.Of(cloud, "one");
        (await one.Put("/old")).Ok();
        (await one.Put("/box", "", ("X-Versions-Location", "old"))).Ok();
        (await one.Put("/box/key", "first")).Ok();
        (await one.Put("/box/key", "second")).Ok();
        (await one.Get("/old")).Text.ShouldStartWith("003key/");
        (await one.Delete("/box/key")).Ok();
        (await one.Get("/box/key")).Text.ShouldBe("first");
        (await one.Delete("/box/key")).Ok();
        (await one.Get("/box/key")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task QuotasHold()
    {
        await using var cloud = await S3Cloud.Start();
        var one = await SwiftClient.Of(cloud, "one");
        (await one.Put("/box", "", ("X-Container-Meta-Quota-Bytes", "10"), ("X-Container-Meta-Quota-Count", "2"))).Ok();
        (await one.Put("/box/a", "12345678901")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await one.Put("/box/a", "1234567890")).Ok();
        (await one.Put("/box/b")).Ok();
        (await one.Put("/box/c")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await one.Post("", ("X-Account-Meta-Quota-Bytes", "1000"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await one.As(await cloud.Cloud.AdminToken()).Post("", ("X-Account-Meta-Quota-Bytes", "12"))).Ok();
        (await one.Put("/other")).Ok();
        (await one.Put("/other/a", "123")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await one.Put("/other/a", "12")).Ok();
    }

    [Fact]
    public async Task AnObjectGoesWhenItsTimeHasCome()
    {
        await using var cloud = await S3Cloud.Start();
        var one = await SwiftClient.Of(cloud, "one");
        (await one.Put("/box")).Ok();
        (await one.Put("/box/key", "short", ("X-Delete-After", "0"))).Ok();
        (await one.Get("/box/key")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await one.Put("/box/past", "", ("X-Delete-At", "1"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await one.Put("/box/later", "", ("X-Delete-After", "1000"))).Ok();
        (await one.Get("/box/later"))["X-Delete-At"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("PUT", "/box/key", "ETag", "00000000000000000000000000000000", 422)]
    [InlineData("PUT", "/box/key", "ETag", "no digest", 422)]
    [InlineData("PUT", "/box/key", "X-Delete-After", "soon", 400)]
    [InlineData("PUT", "/box/key", "X-Object-Manifest", "nowhere", 400)]
    [InlineData("PUT", "/box/key", "X-Copy-From", "nowhere", 412)]
    [InlineData("PUT", "/box/key", "X-Copy-From", "/none/key", 404)]
    [InlineData("PUT", "/box/key?multipart-manifest=put", "X", "y", 400)]
    [InlineData("PUT", "?extract-archive=zip", "X", "y", 400)]
    [InlineData("GET", "/box?limit=10001", "X", "y", 412)]
    [InlineData("GET", "/box/%ff", "X", "y", 400)]
    [InlineData("GET", "/b%2Fx/key", "X", "y", 400)]
    [InlineData("GET", "/box/%00", "X", "y", 400)]
    [InlineData("BREW", "/box", "X", "y", 405)]
    public async Task BadInputIsRefused(string method, string path, string header, string value, int status)
    {
        await using var cloud = await S3Cloud.Start();
        var one = await SwiftClient.Of(cloud, "one");
        (await one.Put("/box")).Ok();
        ((int)(await one.Send(method, path, method == "PUT" ? [] : null, (header, value))).Status).ShouldBe(status);
    }

    private static string Link(string method, long expires, string path, string key) =>
        $"?temp_url_sig={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{method}\n{expires}\n{path}")))}&temp_url_expires={expires}";

#pragma warning disable CA5351 // The API's checksum.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
