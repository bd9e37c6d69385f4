namespace Ciel.Tests.Images;

[Collection("images")]
public class MetadefTests(ImageClouds clouds)
{
    private const string Path = "/v2/metadefs/namespaces";

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_namespace_and_what_is_in_it(string kind)
    {
        var cloud = clouds[kind];
        var (name, alice) = (ImageClouds.Project("OS::Test"), ImageClouds.Project("alice"));
        var path = $"{Path}/{name}";
        await cloud.Refused(403, HttpMethod.Post, Path, alice, new { @namespace = name });
        using (var made = await cloud.Raw(HttpMethod.Post, Path, "admin", new
        {
            @namespace = name,
            display_name = "Test",
            visibility = "public",
            @protected = true,
            resource_type_associations = new[] { new { name = "OS::Nova::Flavor", prefix = "t:" } },
            properties = new { speed = new { title = "Speed", type = "integer", minimum = 1, operators = new[] { ">=" } } },
            tags = new[] { new { name = "fast" } },
        }))
        {
            ((int)made.StatusCode).ShouldBe(201, await made.Content.ReadAsStringAsync());
        }

        await cloud.Refused(409, HttpMethod.Post, Path, "admin", new { @namespace = name });
        var shown = await cloud.Send(HttpMethod.Get, path, alice);
        shown.GetProperty("properties").GetProperty("speed").GetProperty("minimum").GetInt32().ShouldBe(1);
        shown.GetProperty("resource_type_associations")[0].GetProperty("prefix").GetString().ShouldBe("t:");
        (await cloud.Send(HttpMethod.Get, Path + "?resource_types=OS::Nova::Flavor&limit=1000", alice)).GetRawText().ShouldContain(name);
        await cloud.Refused(403, HttpMethod.Delete, path, "admin");
        await cloud.Refused(403, HttpMethod.Put, path, alice, new { @namespace = name });

        (await cloud.Send(HttpMethod.Post, path + "/objects", "admin", new { name = "o", properties = new { a = new { title = "A", type = "string" } } })).GetProperty("name").GetString().ShouldBe("o");
        await cloud.Refused(409, HttpMethod.Post, path + "/objects", "admin", new { name = "o" });
        (await cloud.Send(HttpMethod.Put, path + "/objects/o", "admin", new { name = "p", description = "renamed" })).GetProperty("description").GetString().ShouldBe("renamed");
        await cloud.Refused(404, HttpMethod.Get, path + "/objects/o", alice);
        await cloud.Refused(403, HttpMethod.Delete, path + "/objects/p", "admin");

        await cloud.Send(HttpMethod.Put, path, "admin", new { @namespace = name + "-new", visibility = "private", @protected = false });
        path = $"{Path}/{name}-new";
        await cloud.Refused(404, HttpMethod.Get, path, alice);
        await cloud.Refused(404, HttpMethod.Get, path + "/objects", alice);
        (await cloud.Send(HttpMethod.Get, path + "/objects/p", "admin")).GetProperty("name").GetString().ShouldBe("p");
        (await cloud.Send(HttpMethod.Post, path + "/tags", "admin", new { tags = new[] { new { name = "x" }, new { name = "y" } } })).GetProperty("tags").GetArrayLength().ShouldBe(2);
        (await cloud.Try(HttpMethod.Post, path + "/tags/z", "admin")).Status.ShouldBe(201);
        (await cloud.Send(HttpMethod.Put, path + "/tags/z", "admin", new { name = "w" })).GetProperty("name").GetString().ShouldBe("w");
        (await cloud.Send(HttpMethod.Get, path + "/tags", "admin")).GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("name").GetString()).ShouldBe(["w", "x", "y"]);
        foreach (var gone in new[] { "/tags/w", "/tags", "/objects", "/properties/speed", "/resource_types/OS::Nova::Flavor", "" })
        {
            (await cloud.Try(HttpMethod.Delete, path + gone, "admin")).Status.ShouldBe(204, gone);
        }

        await cloud.Refused(404, HttpMethod.Get, path, "admin");
    }

    [Theory]
    [InlineData("", """{}""")]
    [InlineData("", """{"namespace":""}""")]
    [InlineData("", """{"namespace":"n","visibility":"shared"}""")]
    [InlineData("", """{"namespace":"n","protected":"maybe"}""")]
    [InlineData("", """{"namespace":"n","color":"red"}""")]
    [InlineData("", """{"namespace":"n","objects":[7]}""")]
    [InlineData("", """{"namespace":"n","properties":{"p":7}}""")]
    [InlineData("", """{"namespace":"n","properties":{"p":{"title":"P"}}}""")]
    [InlineData("/ns/objects", """{"name":7}""")]
    [InlineData("/ns/objects", """{"name":"o","properties":{"a":{"title":"A","type":"color"}}}""")]
    [InlineData("/ns/objects", """{"name":"o","required":"a"}""")]
    [InlineData("/ns/properties", """{"name":"p","title":"P"}""")]
    [InlineData("/ns/properties", """{"name":"p","title":"P","type":"integer","more":1}""")]
    [InlineData("/ns/resource_types", """{"prefix":"x"}""")]
    [InlineData("/ns/tags", """{"tags":{}}""")]
    [InlineData("/ns/tags", """{}""")]
    [InlineData("/ns/tags", """[]""")]
    public async Task Nonsense_is_refused(string route, string body)
    {
        var cloud = clouds["sqlite"];
        await cloud.Try(HttpMethod.Post, Path, "admin", new { @namespace = "ns" });
        await cloud.Refused(400, HttpMethod.Post, Path + route, "admin", body, "application/json");
    }
}
