using System.Net;
using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>What S3 refuses, and the words with which it does.</summary>
public class RefusalTests
{
    private const string Preferred = "BucketOwnerPreferred";

    [Theory]
    [InlineData("\"s3\"", "{\"AWS\":\"*\"}")]
    [InlineData("\"s4:GetObject\"", "{\"AWS\":\"*\"}")]
    [InlineData("\"s3:Put(Object)\"", "{\"AWS\":\"*\"}")]
    [InlineData("[\"s3:GetObject\",\"s3::Get\"]", "{\"AWS\":\"*\"}")]
    [InlineData("\"s3:GetObject\"", "{\"AWS\":\"\"}")]
    [InlineData("\"s3:GetObject\"", "{}")]
    public async Task A_policy_that_could_do_nothing_was_kept(string action, string principal)
    {
        await using var cloud = await S3Cloud.Start();
        string Text(string a, string p) => $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{{p}},"Action":{{a}},"Resource":"arn:aws:s3:::bucket/*"}]}""";
        (await cloud.Main.Put("/bucket?policy", Text(action, principal))).Code.ShouldBe("MalformedPolicy");
        (await cloud.Main.Put("/bucket?policy", """{"Version":"2012-10-17","Statement":[]}""")).Code.ShouldBe("MalformedPolicy");
        (await cloud.Main.Put("/bucket?policy", Text("[\"s3:Get*\",\"s3:???Object\",\"*\"]", "{\"AWS\":\"*\"}"))).Ok();
    }

    [Fact]
    public async Task A_list_given_twice_or_not_at_all()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/lists", "", ("x-amz-object-ownership", Preferred))).Ok();
        (await cloud.Main.Put("/lists/key", "x")).Ok();
        var whole = (await cloud.Main.Get("/lists?acl")).Ok().Text;
        foreach (var path in (string[])["/lists?acl", "/lists/key?acl"])
        {
            (await cloud.Main.Put(path)).Code.ShouldBe("MissingSecurityHeader");
            (await cloud.Main.Put(path, whole, ("x-amz-acl", "private"))).Code.ShouldBe("UnexpectedContent");
            (await cloud.Main.Put(path, "<AccessControl")).Code.ShouldBe("MalformedACLError");
            (await cloud.Main.Put(path, whole.Replace("FULL_CONTROL", "ALL", StringComparison.Ordinal))).Code.ShouldBe("MalformedACLError");
            (await cloud.Main.Put(path, whole.Replace("CanonicalUser", "User", StringComparison.Ordinal))).Code.ShouldBe("MalformedACLError");
            (await cloud.Main.Put(path, "<AccessControlPolicy><AccessControlList/></AccessControlPolicy>")).Code.ShouldBe("MalformedACLError");
            (await cloud.Main.Put(path, whole)).Ok();
        }
    }

    [Theory]
    [InlineData("<AllowedHeader>a b</AllowedHeader>")]
    [InlineData("<AllowedHeader>a:b</AllowedHeader>")]
    [InlineData("<ExposeHeader>a/b</ExposeHeader>")]
    [InlineData("<ExposeHeader>*</ExposeHeader>")]
    public async Task Headers_that_are_none_were_shared_with_other_origins(string header)
    {
        await using var cloud = await S3Cloud.Start();
        string Text(string more) => $"<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>{more}</CORSRule></CORSConfiguration>";
        (await cloud.Main.Put("/bucket?cors", Text(header))).Code.ShouldBe("InvalidRequest");
        (await cloud.Main.Put("/bucket?cors", Text("<AllowedHeader>x-*</AllowedHeader>"))).Ok();
        var nobody = cloud.Main.As(anonymous: true);
        (await nobody.Send(HttpMethod.Options, "/bucket/key", null, ("Origin", "http://a"), ("Access-Control-Request-Method", "get"))).Code.ShouldBe("BadRequest");
        (await nobody.Send(HttpMethod.Options, "/bucket/key", null, ("Origin", "http://a"), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "x-a b"))).Code.ShouldBe("BadRequest");
        (await nobody.Send(HttpMethod.Options, "/bucket/key", null, ("Access-Control-Request-Method", "GET"))).Code.ShouldBe("BadRequest");
    }

    [Fact]
    public async Task A_signature_for_another_service_or_day_says_so()
    {
        await using var cloud = await S3Cloud.Start();
        var other = cloud.Main.As(tamper: request =>
        {
            var text = request.Headers.GetValues("Authorization").Single();
            request.Headers.Remove("Authorization");
            request.Headers.TryAddWithoutValidation("Authorization", text.Replace("/s3/", "/ec2/", StringComparison.Ordinal));
        });
        (await other.Get("/bucket")).Code.ShouldBe("AuthorizationHeaderMalformed");
        var link = cloud.Main.Presign(HttpMethod.Get, "/bucket", 60);
        var nobody = cloud.Main.As(anonymous: true);
        (await nobody.Get(link.Replace("%2Fs3%2F", "%2Fsns%2F", StringComparison.Ordinal))).Code.ShouldBe("AuthorizationQueryParametersError");
        (await nobody.Get(link.Replace("X-Amz-Expires=60&", "", StringComparison.Ordinal))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await nobody.Get(link)).Ok();
    }

    [Fact]
    public async Task What_is_no_versions_id_was_a_version_that_is_gone()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        foreach (var query in (string[])["versionId=none", "versionId=none&tagging", "versionId=..%2F..%2Fsecret-of-some-length.txt", "versionId="])
        {
            (await cloud.Main.Get("/bucket/key?" + query)).Code.ShouldBe("InvalidArgument", query);
        }

        (await cloud.Main.Delete("/bucket/key?versionId=none")).Code.ShouldBe("InvalidArgument");
        (await cloud.Main.Put("/bucket/copy", "", ("x-amz-copy-source", "bucket/key?versionId=none"))).Code.ShouldBe("InvalidArgument");
        (await cloud.Main.Get("/bucket/key?versionId=01KF2YVN948NAZ4JJR4X1AAVRA")).Code.ShouldBe("NoSuchVersion");
        (await cloud.Main.Get("/bucket/key?versionId=null")).Ok();
    }

    [Fact]
    public async Task A_copys_source_where_nothing_is_copied_or_nothing_is()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        (await cloud.Main.Get("/bucket/key", ("x-amz-copy-source", "bucket/key"))).Code.ShouldBe("InvalidArgument");
        (await cloud.Main.Delete("/bucket/key", ("x-amz-copy-source", "bucket/key"))).Code.ShouldBe("InvalidArgument");
        (await cloud.Main.Put("/bucket?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")).Ok();
        var marker = (await cloud.Main.Delete("/bucket/key")).Ok()["x-amz-version-id"];
        (await cloud.Main.Put("/bucket/copy", "", ("x-amz-copy-source", $"bucket/key?versionId={marker}"))).Code.ShouldBe("InvalidRequest");
        (await cloud.Main.Put("/bucket/copy", "", ("x-amz-copy-source", "bucket/key"))).Code.ShouldBe("NoSuchKey");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    [InlineData("many")]
    public async Task More_buckets_than_one_answer_holds(string most)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Get("/?max-buckets=" + most)).Code.ShouldBe("InvalidArgument");
    }

    [Fact]
    public async Task A_part_and_a_range_of_one_object_were_both_asked_for()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "123456789")).Ok();
        (await cloud.Main.Get("/bucket/key?partNumber=1", ("Range", "bytes=0-1"))).Code.ShouldBe("InvalidRequest");
    }

    [Fact]
    public async Task A_checksum_that_was_promised_behind_the_body_never_came()
    {
        await using var cloud = await S3Cloud.Start();
        Task<S3Answer> Send(string trailer) => cloud.Main.Send(HttpMethod.Put, "/bucket/key", Encoding.ASCII.GetBytes($"9\r\n123456789\r\n0\r\n{trailer}\r\n"),
            ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"), ("x-amz-decoded-content-length", "9"), ("x-amz-trailer", "x-amz-checksum-crc32"));
        (await Send("")).Code.ShouldBe("MalformedTrailerError");
        (await Send("x-amz-checksum-sha1:aaaa\r\n")).Code.ShouldBe("MalformedTrailerError");
        (await Send("x-amz-checksum-crc32:y/Q5Jg==\r\n")).Ok();
    }
}
