using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Upload forms and pages of other origins.</summary>
public class FormTests
{
    [Fact]
    public async Task AFormThatItsPolicyAllowsIsStored()
    {
        await using var cloud = await S3Cloud.Start();
        (await Post(cloud, "uploads/${filename}", "hello", _ => { })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await cloud.Main.Get("/bucket/uploads/a.txt")).Text.ShouldBe("hello");
        (await Post(cloud, "elsewhere", "hello", _ => { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Post(cloud, "uploads/b", "far too long for the policy", _ => { })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Post(cloud, "uploads/b", "hello", form => form["x-amz-meta-extra"] = "1")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Post(cloud, "uploads/b", "hello", form => form["x-amz-signature"] = new string('0', 64))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Post(cloud, "uploads/b", "hello", form => form.Remove("policy"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await cloud.Main.Get("/bucket")).All("Key").ShouldBe(["uploads/a.txt"]);
    }

    [Fact]
    public async Task OnlyPagesThatMayAreAnswered()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket?cors", "<CORSConfiguration><CORSRule><AllowedOrigin>https://*.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>x-amz-*</AllowedHeader></CORSRule></CORSConfiguration>")).Ok();
        var nobody = cloud.Main.As(anonymous: true);
        (string, string)[] good = [("Origin", "https://page.example"), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "x-amz-date")];
        var answer = await nobody.Send(HttpMethod.Options, "/bucket/key", null, good);
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer["Access-Control-Allow-Origin"].ShouldBe("https://page.example");
        (await nobody.Send(HttpMethod.Options, "/bucket/key", null, ("Origin", "https://evil.test"), ("Access-Control-Request-Method", "GET"))).Code.ShouldBe("AccessForbidden");
        (await nobody.Send(HttpMethod.Options, "/bucket/key", null, ("Origin", "https://page.example"), ("Access-Control-Request-Method", "PUT"))).Code.ShouldBe("AccessForbidden");
    }

    [Fact]
    public async Task A_policy_that_did_not_name_its_bucket_was_good_for_all()
    {
        await using var cloud = await S3Cloud.Start();
        (await Post(cloud, "uploads/a", "hello", _ => { }, conditions => conditions.Skip(1))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("text/plain, text/html", HttpStatusCode.NoContent)]
    [InlineData("text/plain, image/png", HttpStatusCode.Forbidden)]
    public async Task Each_of_a_list_of_content_types_begins_as_the_policy_says(string types, HttpStatusCode status)
    {
        await using var cloud = await S3Cloud.Start();
        object begins = (string[])["starts-with", "$Content-Type", "text/"];
        (await Post(cloud, "uploads/a", "hello", form => form["Content-Type"] = types, conditions => conditions.Append(begins))).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_form_without_a_boundary_was_no_form()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.As(anonymous: true).Post("/bucket", "x", ("Content-Type", "multipart/form-data"))).Code.ShouldBe("MalformedPOSTRequest");
    }

    private static async Task<HttpResponseMessage> Post(
        S3Cloud cloud, string key, string text, Action<Dictionary<string, string>> change, Func<IEnumerable<object>, IEnumerable<object>>? select = null)
    {
        var stamp = cloud.Main.Stamp();
        var credential = $"{cloud.Main.Access}/{S3Client.Scope(stamp)}";
        object[] conditions =
        [
            new { bucket = "bucket" }, (string[])["starts-with", "$key", "uploads/"], new Dictionary<string, string> { ["x-amz-credential"] = credential },
            new Dictionary<string, string> { ["x-amz-date"] = stamp }, new Dictionary<string, string> { ["x-amz-algorithm"] = "AWS4-HMAC-SHA256" }, (object[])["content-length-range", 1, 10],
        ];
        var expiration = DateTimeOffset.UtcNow.AddMinutes(5).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var policy = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new { expiration, conditions = select?.Invoke(conditions) ?? conditions }));
        var fields = new Dictionary<string, string>
        {
            ["key"] = key,
            ["policy"] = policy,
            ["x-amz-credential"] = credential,
            ["x-amz-date"] = stamp,
            ["x-amz-algorithm"] = "AWS4-HMAC-SHA256",
            ["x-amz-signature"] = Convert.ToHexStringLower(HMACSHA256.HashData(cloud.Main.SigningKey(stamp), Encoding.UTF8.GetBytes(policy))),
        };
        change(fields);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new StringContent(text), "file", "a.txt");
        return await cloud.Http.PostAsync(new Uri(cloud.Door, "/bucket"), form);
    }
}
