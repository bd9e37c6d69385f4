using System.Text.Json;

namespace Ciel.Tests.Images;

[Collection("images")]
public class PatchTests(ImageClouds clouds)
{
    public const string V21 = "application/openstack-images-v2.1-json-patch";
    public const string V20 = "application/openstack-images-v2.0-json-patch";

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Both_forms_change_the_image(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Create(alice, new { name = "old", color = "red", shape = "round" });
        var newer = await cloud.Send(HttpMethod.Patch, "/v2/images/" + id, alice,
            """[{"op":"replace","path":"/name","value":"new"},{"op":"add","path":"/size~1weight","value":"7"},{"op":"replace","path":"/color","value":"blue"},{"op":"remove","path":"/shape"},{"op":"add","path":"/tags/0","value":"x"},{"op":"add","path":"/tags/-","value":"y"}]""", V21);
        newer.GetProperty("name").GetString().ShouldBe("new");
        newer.GetProperty("size/weight").GetString().ShouldBe("7");
        newer.GetProperty("color").GetString().ShouldBe("blue");
        newer.TryGetProperty("shape", out _).ShouldBeFalse();
        newer.GetProperty("tags").EnumerateArray().Select(t => t.GetString()).ShouldBe(["x", "y"]);
        var older = await cloud.Send(HttpMethod.Patch, "/v2/images/" + id, alice,
            """[{"replace":"/name","value":null},{"add":"/hw_cpu_cores","value":"5"},{"replace":"/tags","value":["z"]},{"replace":"/disk_format","value":"raw"},{"replace":"/min_disk","value":9}]""", V20);
        older.GetProperty("name").ValueKind.ShouldBe(JsonValueKind.Null);
        older.GetProperty("min_disk").GetInt32().ShouldBe(9);
        var shown = await cloud.Show(alice, id);
        shown.GetRawText().ShouldBe(older.GetRawText());
        shown.GetProperty("tags").EnumerateArray().Single().GetString().ShouldBe("z");
        shown.GetProperty("disk_format").GetString().ShouldBe("raw");
    }

    [Theory]
    [InlineData(403, """[{"op":"replace","path":"/status","value":"active"}]""")]
    [InlineData(403, """[{"op":"add","path":"/os_glance_foo","value":"x"}]""")]
    [InlineData(403, """[{"op":"replace","path":"/id","value":"x"}]""")]
    [InlineData(403, """[{"op":"remove","path":"/name"}]""")]
    [InlineData(403, """[{"op":"add","path":"/locations/-","value":{}}]""")]
    [InlineData(403, """[{"op":"replace","path":"/owner","value":"someone"}]""")]
    [InlineData(403, """[{"op":"replace","path":"/visibility","value":"public"}]""")]
    [InlineData(409, """[{"op":"replace","path":"/nothing","value":"x"}]""")]
    [InlineData(409, """[{"op":"remove","path":"/nothing"}]""")]
    [InlineData(409, """[{"op":"remove","path":"/tags/0"}]""")]
    [InlineData(400, """[{"op":"replace","path":"/name"}]""")]
    [InlineData(400, """[{"op":"replace","path":"/name","value":7}]""")]
    [InlineData(400, """[{"op":"move","path":"/name","value":"x"}]""")]
    [InlineData(400, """[{"op":"add","path":"name","value":"x"}]""")]
    [InlineData(400, """[{"op":"add","path":"/","value":"x"}]""")]
    [InlineData(400, """[{"op":"add","path":"/a/b","value":"x"}]""")]
    [InlineData(400, """[{"op":"add","path":"/tags/x","value":"x"}]""")]
    [InlineData(400, """[{"op":"add","path":"/tags","value":["x","\u0000"]}]""")]
    [InlineData(400, """[{"op":"add","path":"/color","value":5}]""")]
    [InlineData(400, """[{"op":"add","path":"/color","value":null}]""")]
    [InlineData(400, """[{"op":"add","path":"/color","value":"\ud800"}]""")]
    [InlineData(400, """[{"op":"add","path":"/disk_format","value":"floppy"}]""")]
    [InlineData(400, """[{"op":"add","path":"/min_ram","value":-1}]""")]
    [InlineData(400, """[{"op":"add","path":"/min_ram","value":99999999999}]""")]
    [InlineData(400, """{"op":"add","path":"/color","value":"x"}""")]
    [InlineData(400, """["x"]""")]
    [InlineData(400, "[{")]
    [InlineData(400, "")]
    public async Task What_may_not_be_is_refused_and_changes_nothing(int status, string patch)
    {
        var cloud = clouds["sqlite"];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Create(alice);
        var before = (await cloud.Show(alice, id)).GetRawText();
        await cloud.Refused(status, HttpMethod.Patch, "/v2/images/" + id, alice, patch, V21);
        (await cloud.Show(alice, id)).GetRawText().ShouldBe(before);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json-patch+json")]
    [InlineData("application/openstack-images-v2.2-json-patch")]
    public async Task Other_media_types_are_refused(string type) =>
        await clouds["sqlite"].Refused(415, HttpMethod.Patch, "/v2/images/x", "alice", "[]", type);

    [Fact]
    public async Task Formats_are_fixed_once_there_is_data()
    {
        var cloud = clouds["sqlite"];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Active(alice, Samples.Raw());
        await cloud.Refused(403, HttpMethod.Patch, "/v2/images/" + id, alice, """[{"op":"replace","path":"/disk_format","value":"qcow2"}]""", V21);
        await cloud.Refused(403, HttpMethod.Patch, "/v2/images/" + id, alice, """[{"op":"replace","path":"/container_format","value":"ova"}]""", V21);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_new_owner_takes_quota_and_span_along(string kind)
    {
        var cloud = clouds[kind];
        var (alice, bob) = (ImageClouds.Project("alice"), ImageClouds.Project("bob"));
        var id = await cloud.Active(alice, Samples.Raw(5000));
        await cloud.Send(HttpMethod.Patch, "/v2/images/" + id, "admin", new[] { new { op = "replace", path = "/owner", value = bob } }, V21);
        (await cloud.Used(alice, "image.image_size_total")).ShouldBe(0);
        (await cloud.Used(bob, "image.image_size_total")).ShouldBe(5000);
        var spans = await LifeTests.Spans(cloud, id);
        spans.Select(s => (s.ProjectId, s.ClosedAt is null)).ShouldBe([(alice, false), (bob, true)], ignoreOrder: true);
    }

    [Fact]
    public async Task There_is_an_end_to_properties_and_tags()
    {
        var cloud = clouds["sqlite"];
        var alice = ImageClouds.Project("alice");
        var many = Enumerable.Range(0, 129).ToDictionary(i => "p" + i, _ => "v");
        (await cloud.Refused(413, HttpMethod.Post, "/v2/images", alice, many)).ShouldContain("128");
        await cloud.Refused(413, HttpMethod.Post, "/v2/images", alice, new { tags = Enumerable.Range(0, 129).Select(i => "t" + i) });
        var id = await cloud.Create(alice, new { tags = Enumerable.Range(0, 128).Select(i => "t" + i) });
        await cloud.Refused(413, HttpMethod.Put, $"/v2/images/{id}/tags/one-more", alice);
        (await cloud.Try(HttpMethod.Put, $"/v2/images/{id}/tags/t5", alice)).Status.ShouldBe(204);
    }
}
