namespace Ciel.Tests.Images;

[Collection("images")]
public class ListTests(ImageClouds clouds)
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Filters_find_what_they_say(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var small = await cloud.Active(alice, Samples.Raw(1000), new { name = "small", disk_format = "raw", container_format = "bare", tags = new[] { "x", "y" }, color = "red" });
        var large = await cloud.Active(alice, Samples.Raw(9000), new { name = "large, wide", disk_format = "raw", container_format = "ovf", tags = new[] { "y" }, color = "blue", @protected = true });
        var queued = await cloud.Create(alice, new { name = "queued", min_ram = 512 });
        var hidden = await cloud.Create(alice, new { name = "hidden", os_hidden = true });
        foreach (var (query, expected) in new (string, string[])[]
        {
            ("", [queued, large, small]),
            ("?name=small", [small]),
            ("?name=in:small,queued", [queued, small]),
            ("?name=in:%22large,%20wide%22,small", [large, small]),
            ("?status=active", [large, small]),
            ("?status=in:queued,saving", [queued]),
            ("?container_format=ovf", [large]),
            ("?size=1000", [small]),
            ("?size_min=1000&size_max=1000", [small]),
            ("?size_min=1001", [large]),
            ("?min_ram=512", [queued]),
            ("?tag=y", [large, small]),
            ("?tag=y&tag=x", [small]),
            ("?color=red", [small]),
            ("?color=red&tag=z", []),
            ("?protected=true", [large]),
            ("?os_hidden=true", [hidden]),
            ("?owner=" + alice, [queued, large, small]),
            ("?owner=nobody", []),
            ("?id=in:" + small + "," + queued, [queued, small]),
            ("?size=many", []),
            ("?created_at=gte:2020-01-01T00:00:00Z", [queued, large, small]),
            ("?updated_at=lt:2020-01-01T00:00:00Z", []),
            ("?created_at=neq:2020-01-01T00:00:00Z&name=small", [small]),
            ("?sort=size:asc&status=active", [small, large]),
            ("?sort=name", [small, queued, large]),
            ("?sort_key=name&sort_dir=asc", [large, queued, small]),
            ("?sort_key=status&sort_dir=asc&sort_key=size&sort_dir=desc", [large, small, queued]),
            ("?limit=2", [queued, large]),
            ("?limit=0", []),
        })
        {
            (await cloud.List(alice, query)).ShouldBe(expected, query);
        }

        await cloud.Send(HttpMethod.Patch, "/v2/images/" + large, alice, """[{"op":"replace","path":"/protected","value":false}]""", PatchTests.V21);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Pages_follow_each_other(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var made = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            made.Add(await cloud.Create(alice, new { name = "n" + (i % 3) }));
        }

        var seen = new List<string>();
        string? next = "/v2/images?limit=2&sort=name:asc";
        for (var pages = 0; next is not null && pages < 10; pages++)
        {
            var page = await cloud.Send(HttpMethod.Get, next, alice);
            page.GetProperty("first").GetString()!.ShouldNotContain("marker");
            seen.AddRange(page.GetProperty("images").EnumerateArray().Select(i => i.GetProperty("id").GetString()!));
            next = page.TryGetProperty("next", out var link) ? link.GetString() : null;
        }

        seen.ShouldBe(made, ignoreOrder: true);
        seen.Count.ShouldBe(7);
        await cloud.Refused(400, HttpMethod.Get, "/v2/images?marker=" + made[0], ImageClouds.Project("bob"));
    }

    [Theory]
    [InlineData("limit=-1")]
    [InlineData("limit=x")]
    [InlineData("marker=nothing")]
    [InlineData("sort=color")]
    [InlineData("sort=name:up")]
    [InlineData("sort=name:asc:desc")]
    [InlineData("sort=name&sort_key=size")]
    [InlineData("sort_key=name&sort_key=size&sort_key=id&sort_dir=asc&sort_dir=desc")]
    [InlineData("sort_dir=sideways")]
    [InlineData("visibility=secret")]
    [InlineData("member_status=maybe")]
    [InlineData("os_hidden=perhaps")]
    [InlineData("protected=perhaps")]
    [InlineData("size_min=x")]
    [InlineData("created_at=yesterday")]
    [InlineData("created_at=gte:")]
    [InlineData("name=in:%22a,b")]
    [InlineData("name=%00")]
    [InlineData("color=%00")]
    public async Task A_query_that_means_nothing_is_refused(string query) =>
        await clouds["sqlite"].Refused(400, HttpMethod.Get, "/v2/images?" + query, "alice");

    [Fact]
    public async Task Views_are_complete()
    {
        var cloud = clouds["sqlite"];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Create(alice);
        var listed = (await cloud.Send(HttpMethod.Get, "/v2/images", alice)).GetProperty("images")[0];
        listed.GetRawText().ShouldBe((await cloud.Show(alice, id)).GetRawText());
        listed.EnumerateObject().Select(p => p.Name).ShouldBe(
        [
            "name", "disk_format", "container_format", "visibility", "size", "virtual_size", "status", "checksum", "protected", "min_ram", "min_disk", "owner",
            "os_hidden", "os_hash_algo", "os_hash_value", "id", "created_at", "updated_at", "tags", "self", "file", "schema",
        ]);
        var schema = await cloud.Send(HttpMethod.Get, "/v2/schemas/image", alice);
        foreach (var field in listed.EnumerateObject())
        {
            schema.GetProperty("properties").TryGetProperty(field.Name, out _).ShouldBeTrue(field.Name);
        }

        (await cloud.Send(HttpMethod.Get, "/v2/schemas/images", alice)).GetProperty("properties").GetProperty("images").GetProperty("items").GetProperty("name").GetString().ShouldBe("image");
    }
}
