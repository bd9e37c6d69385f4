namespace Ciel.Tests.Images;

[Collection("images")]
public class SharingTests(ImageClouds clouds)
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task The_owner_shares_and_the_other_project_accepts(string kind)
    {
        var cloud = clouds[kind];
        var (alice, bob, carol) = (ImageClouds.Project("alice"), ImageClouds.Project("bob"), ImageClouds.Project("carol"));
        var id = await cloud.Active(alice, Samples.Raw());
        var members = $"/v2/images/{id}/members";
        await cloud.Refused(404, HttpMethod.Get, members, bob);
        var member = await cloud.Send(HttpMethod.Post, members, alice, new { member = bob });
        member.GetProperty("status").GetString().ShouldBe("pending");
        member.GetProperty("member_id").GetString().ShouldBe(bob);
        await cloud.Refused(409, HttpMethod.Post, members, alice, new { member = bob });
        await cloud.Refused(400, HttpMethod.Post, members, alice, new { project = bob });

        (await cloud.List(bob)).ShouldNotContain(id);
        (await cloud.List(bob, "?visibility=shared&member_status=pending")).ShouldBe([id]);
        (await cloud.Status(bob, id)).ShouldBe("active");
        await cloud.Refused(403, HttpMethod.Put, $"{members}/{bob}", alice, new { status = "accepted" });
        await cloud.Refused(400, HttpMethod.Put, $"{members}/{bob}", bob, new { status = "delighted" });
        await cloud.Refused(403, HttpMethod.Put, $"{members}/{bob}", bob + ":reader", new { status = "accepted" });
        await cloud.Send(HttpMethod.Put, $"{members}/{bob}", bob, new { status = "accepted" });
        (await cloud.List(bob)).ShouldContain(id);
        (await cloud.List(carol)).ShouldNotContain(id);

        await cloud.Send(HttpMethod.Post, members, alice, new { member = carol });
        (await cloud.Send(HttpMethod.Get, members, bob)).GetProperty("members").EnumerateArray().Single().GetProperty("member_id").GetString().ShouldBe(bob);
        (await cloud.Send(HttpMethod.Get, members, alice)).GetProperty("members").GetArrayLength().ShouldBe(2);
        await cloud.Refused(404, HttpMethod.Get, $"{members}/{carol}", bob);
        (await cloud.Send(HttpMethod.Get, $"{members}/{bob}", bob)).GetProperty("status").GetString().ShouldBe("accepted");

        await cloud.Refused(403, HttpMethod.Patch, "/v2/images/" + id, bob, "[]", PatchTests.V21);
        await cloud.Refused(403, HttpMethod.Delete, "/v2/images/" + id, bob);
        await cloud.Refused(403, HttpMethod.Post, members, bob, new { member = "dave" });
        await cloud.Refused(403, HttpMethod.Delete, $"{members}/{bob}", bob);
        (await cloud.Try(HttpMethod.Delete, $"{members}/{bob}", alice)).Status.ShouldBe(204);
        await cloud.Refused(404, HttpMethod.Delete, $"{members}/{bob}", alice);
        await cloud.Refused(404, HttpMethod.Get, "/v2/images/" + id, bob);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Only_shared_images_have_members(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Create(alice, new { visibility = "private" });
        (await cloud.Refused(403, HttpMethod.Post, $"/v2/images/{id}/members", alice, new { member = "bob" })).ShouldContain("Only shared");
        await cloud.Refused(403, HttpMethod.Get, $"/v2/images/{id}/members", alice);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Each_visibility_is_seen_by_those_it_is_for(string kind)
    {
        var cloud = clouds[kind];
        var (alice, bob) = (ImageClouds.Project("alice"), ImageClouds.Project("bob"));
        await cloud.Refused(403, HttpMethod.Post, "/v2/images", alice, new { visibility = "public" });
        await cloud.Refused(403, HttpMethod.Post, "/v2/images", alice, new { owner = bob });
        await cloud.Refused(403, HttpMethod.Post, "/v2/images", alice + ":reader", new { name = "x" });
        var name = ImageClouds.Project("seen");
        var ids = new Dictionary<string, string>();
        foreach (var visibility in new[] { "private", "shared", "community", "public" })
        {
            ids[visibility] = await cloud.Create(visibility == "public" ? "admin" : alice, new { name, visibility });
        }

        (await cloud.List(bob, $"?name={name}")).ShouldBe([ids["public"]]);
        (await cloud.List(bob, $"?name={name}&visibility=community")).ShouldBe([ids["community"]]);
        (await cloud.List(bob, $"?name={name}&visibility=all")).ShouldBe([ids["public"], ids["community"]]);
        (await cloud.List(alice, $"?name={name}")).ShouldBe([ids["public"], ids["community"], ids["shared"], ids["private"]]);
        (await cloud.List(alice + ":reader", $"?name={name}&visibility=private")).ShouldBe([ids["private"]]);
        (await cloud.List("admin", $"?name={name}&visibility=private")).ShouldBe([ids["private"]]);
        await cloud.Refused(404, HttpMethod.Get, "/v2/images/" + ids["private"], bob);
        await cloud.Refused(404, HttpMethod.Get, "/v2/images/" + ids["shared"], bob);
        (await cloud.Status(bob, ids["community"])).ShouldBe("queued");
        await cloud.Refused(403, HttpMethod.Delete, "/v2/images/" + ids["public"], bob);
        (await cloud.Try(HttpMethod.Delete, "/v2/images/" + ids["public"], "admin")).Status.ShouldBe(204);
    }
}
