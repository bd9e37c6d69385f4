using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Images;

/// <summary>Every route, with everything that a hostile or clumsy client may send: never a 500, never another's, nothing half-made.</summary>
[Collection("images")]
public class BadInputTests(ImageClouds clouds)
{
    private static readonly string[] Bodies =
    [
        "", "{", "[", "null", "7", "\"x\"", "[]", "{}", "[[]]", "[null]", "{\"name\":7}", "{\"name\":null}", "{\"name\":\"\\u0000\"}", "{\"name\":\"\\ud800\"}", "{\"\\udfff\":\"x\"}",
        "{\"name\":{}}", "{\"name\":[]}", "{\"name\":1e999}", "{\"a\":1,\"a\":2}", "{\"tags\":7}", "{\"tags\":[7]}", "{\"member\":7}", "{\"member\":\"\"}", "{\"status\":7}", "{\"method\":7}",
        "{\"method\":{\"name\":7}}", "{\"id\":\"../..\"}", "{\"id\":7}", "{\"min_ram\":1.5}", "{\"min_ram\":\"7\"}", "{\"min_disk\":-1}", "{\"protected\":\"yes\"}", "{\"visibility\":7}",
        "{\"owner\":\"\"}", "{\"namespace\":7}", "{\"properties\":7}", "{\"title\":7,\"name\":\"x\",\"type\":7}", "[{\"op\":7}]", "[{\"op\":\"add\",\"path\":7}]", "[{\"add\":7}]",
        "{\"kernel_id\":\"x\"}", "{\"\":\"x\"}", new string('[', 100), "{\"name\":\"" + new string('x', 300) + "\"}",
    ];

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Nonsense_never_breaks_a_route(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Create(alice);
        foreach (var (method, path) in Routes(cloud, id))
        {
            foreach (var token in new[] { alice, alice + ":reader", "admin" })
            {
                foreach (var body in method is "GET" or "DELETE" ? [""] : kind == "sqlite" ? Bodies : Bodies[..12])
                {
                    foreach (var type in method == "PATCH" ? (string[])[PatchTests.V21, PatchTests.V20, "application/json"] : ["application/json"])
                    {
                        await Answered(cloud, method, path, token, body, type);
                    }
                }
            }

            await Huge(cloud, method, path);
        }

        await UploadTests.Owned(cloud);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Another_projects_image_is_as_one_that_is_not_there(string kind)
    {
        var cloud = clouds[kind];
        var (alice, bob) = (ImageClouds.Project("alice"), ImageClouds.Project("bob"));
        var id = await cloud.Active(alice, Samples.Raw(), new { name = "mine", visibility = "private", disk_format = "raw", container_format = "bare" });
        var before = (await cloud.Show(alice, id)).GetRawText();
        var nobodys = Guid.NewGuid().ToString();
        foreach (var (method, path) in Routes(cloud, id).Where(r => r.Path.Contains(id)))
        {
            var type = method == "PATCH" ? PatchTests.V21 : path.EndsWith("/file") || path.EndsWith("/stage") ? "application/octet-stream" : "application/json";
            var body = method switch
            {
                "GET" or "DELETE" => null,
                "PATCH" => "[]",
                _ => path.EndsWith("/members") ? "{\"member\":\"x\"}" : path.Contains("/members/") ? "{\"status\":\"accepted\"}" : "{\"method\":{\"name\":\"glance-direct\"}}",
            };
            var theirs = await cloud.Refused(404, new HttpMethod(method), path, bob, body, type);
            var none = await cloud.Refused(404, new HttpMethod(method), path.Replace(id, nobodys), bob, body, type);
            theirs.Replace(id, "ID").ShouldBe(none.Replace(nobodys, "ID"), $"{method} {path}");
        }

        (await cloud.Show(alice, id)).GetRawText().ShouldBe(before);
    }

    [Fact]
    public async Task Strangers_get_nothing_but_versions()
    {
        var cloud = clouds["sqlite"];
        foreach (var (method, path) in Routes(cloud, "x"))
        {
            using var answer = await cloud.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/image" + path));
            var expected = path is "" or "/" ? 300 : path == "/versions" ? 200 : 401;
            ((int)answer.StatusCode).ShouldBe(expected, $"{method} {path}");
        }
    }

    [Theory]
    [InlineData("/v2/images/")]
    [InlineData("/v2/images/..%2f..%2fetc%2fpasswd")]
    [InlineData("/v2/images/%2e%2e/%2e%2e/x")]
    [InlineData("/v2/images/x/file/y")]
    [InlineData("/v2/nothing")]
    [InlineData("/v1/images")]
    [InlineData("/v2/schemas/../images2")]
    public async Task Paths_that_name_nothing_are_404(string path) => await clouds["sqlite"].Refused(404, HttpMethod.Get, path, "alice");

    private static async Task Answered(ImageCloud cloud, string method, string path, string token, string body, string type)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await cloud.Raw(new HttpMethod(method), path, token, method is "GET" or "DELETE" ? null : content);
        ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {path} {token} {type} {body}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task Huge(ImageCloud cloud, string method, string path)
    {
        if (method is "GET" or "DELETE")
        {
            return;
        }

        using var content = new StringContent("{\"name\":\"" + new string('x', 600_000) + "\"}");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(method == "PATCH" ? PatchTests.V21 : "application/json");
        using var answer = await cloud.Raw(new HttpMethod(method), path, "admin", content);
        ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {path}");
    }

    /// <summary>All routes that are mapped, with values for their parameters; what deletes comes last.</summary>
    private static List<(string Method, string Path)> Routes(ImageCloud cloud, string id) =>
    [
        .. from endpoint in cloud.Parts.GetServices<EndpointDataSource>().Concat(((IEndpointRouteBuilder)cloud.App).DataSources).SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Distinct()
           let pattern = endpoint.RoutePattern.RawText!["/image".Length..]
           where !pattern.Contains("**")
           let path = pattern.Replace("{id}", id).Replace("{tag}", "a-tag").Replace("{member}", "someone").Replace("{task}", id).Replace("{namespace}", "a-space").Replace("{name}", "a-name")
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
           orderby method == "DELETE", path.Length descending
           select (method, path),
    ];
}
