using System.Security.Cryptography;
using System.Text.Json;

namespace Ciel.Tests.Images;

[Collection("images")]
public class LifeTests(ImageClouds clouds)
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task An_image_is_made_filled_read_and_deleted(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        using var made = await cloud.Raw(HttpMethod.Post, "/v2/images", alice, new { name = "disk", disk_format = "qcow2", container_format = "bare", min_ram = 64, os_distro = "debian", tags = new[] { "a", "b" } });
        ((int)made.StatusCode).ShouldBe(201);
        made.Headers.GetValues("OpenStack-image-import-methods").Single().ShouldContain("glance-direct");
        var image = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement;
        var id = image.GetProperty("id").GetString()!;
        made.Headers.Location!.ToString().ShouldEndWith("/image/v2/images/" + id);
        image.GetProperty("status").GetString().ShouldBe("queued");
        image.GetProperty("visibility").GetString().ShouldBe("shared");
        image.GetProperty("owner").GetString().ShouldBe(alice);
        image.GetProperty("os_distro").GetString().ShouldBe("debian");
        image.GetProperty("size").ValueKind.ShouldBe(JsonValueKind.Null);
        (await cloud.Raw(HttpMethod.Get, $"/v2/images/{id}/file", alice)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NoContent);

        var bytes = Samples.Qcow2(virtualSize: 3L << 30);
        (await cloud.Upload(alice, id, bytes)).Status.ShouldBe(204);
        var full = await cloud.Show(alice, id);
        full.GetProperty("status").GetString().ShouldBe("active");
        full.GetProperty("size").GetInt64().ShouldBe(bytes.Length);
        full.GetProperty("virtual_size").GetInt64().ShouldBe(3L << 30);
        full.GetProperty("checksum").GetString().ShouldBe(Samples.Md5(bytes));
        full.GetProperty("os_hash_algo").GetString().ShouldBe("sha512");
        full.GetProperty("os_hash_value").GetString().ShouldBe(Convert.ToHexStringLower(SHA512.HashData(bytes)));
        full.GetProperty("stores").GetString().ShouldBe("file");

        using var file = await cloud.Raw(HttpMethod.Get, $"/v2/images/{id}/file", alice);
        file.Content.Headers.GetValues("Content-MD5").Single().ShouldBe(full.GetProperty("checksum").GetString());
        (await file.Content.ReadAsByteArrayAsync()).ShouldBe(bytes);
        (await cloud.Upload(alice, id, bytes)).Status.ShouldBe(409);
        (await cloud.Used(alice, "image.image_size_total")).ShouldBe(bytes.Length);

        (await cloud.Try(HttpMethod.Delete, "/v2/images/" + id, alice)).Status.ShouldBe(204);
        await cloud.Refused(404, HttpMethod.Get, "/v2/images/" + id, alice);
        await cloud.Refused(404, HttpMethod.Delete, "/v2/images/" + id, alice);
        (await cloud.Used(alice, "image.image_size_total")).ShouldBe(0);
        (await cloud.Used(alice, "image.image_count_total")).ShouldBe(0);
        (await Spans(cloud, id)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(s => s.Quantity.ShouldBe(bytes.Length), s => s.ClosedAt.ShouldNotBeNull());
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Parts_of_the_data_are_read(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var bytes = Samples.Raw(300_000);
        var id = await cloud.Active(alice, bytes);
        foreach (var (range, expected, content) in new[]
        {
            ("bytes=0-0", bytes[..1], "bytes 0-0/300000"),
            ("bytes=1000-200000", bytes[1000..200001], "bytes 1000-200000/300000"),
            ("bytes=299999-", bytes[^1..], "bytes 299999-299999/300000"),
            ("bytes=-5", bytes[^5..], "bytes 299995-299999/300000"),
            ("bytes=10-999999999", bytes[10..], "bytes 10-299999/300000"),
        })
        {
            using var part = await Range(cloud, alice, id, range);
            ((int)part.StatusCode).ShouldBe(206, range);
            part.Content.Headers.GetValues("Content-Range").Single().ShouldBe(content);
            (await part.Content.ReadAsByteArrayAsync()).ShouldBe(expected);
        }

        foreach (var range in new[] { "bytes=300000-", "bytes=5-4", "bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes=x", "bytes=-0", "bytes=99999999999999999999-" })
        {
            using var none = await Range(cloud, alice, id, range);
            ((int)none.StatusCode).ShouldBe(416, range);
        }
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Deactivated_data_is_only_for_admins(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var queued = await cloud.Create(alice);
        await cloud.Refused(403, HttpMethod.Post, $"/v2/images/{queued}/actions/deactivate", alice);
        var id = await cloud.Active(alice, Samples.Raw());
        (await cloud.Try(HttpMethod.Post, $"/v2/images/{id}/actions/deactivate", alice)).Status.ShouldBe(204);
        (await cloud.Status(alice, id)).ShouldBe("deactivated");
        await cloud.Refused(403, HttpMethod.Get, $"/v2/images/{id}/file", alice);
        using (var file = await cloud.Raw(HttpMethod.Get, $"/v2/images/{id}/file", "admin"))
        {
            ((int)file.StatusCode).ShouldBe(200);
        }

        (await cloud.Try(HttpMethod.Post, $"/v2/images/{id}/actions/reactivate", alice)).Status.ShouldBe(204);
        using var again = await cloud.Raw(HttpMethod.Get, $"/v2/images/{id}/file", alice);
        (await again.Content.ReadAsByteArrayAsync()).ShouldBe(Samples.Raw());
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Protected_and_used_images_stay(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Create(alice, new { name = "kept", @protected = true });
        (await cloud.Refused(403, HttpMethod.Delete, "/v2/images/" + id, alice)).ShouldContain("protected");
        await cloud.Send(HttpMethod.Patch, "/v2/images/" + id, alice, new[] { new { op = "replace", path = "/protected", value = false } }, PatchTests.V21);
        cloud.InUse.Add(id);
        (await cloud.Refused(409, HttpMethod.Delete, "/v2/images/" + id, alice)).ShouldContain("in use");
        cloud.InUse.Remove(id);
        (await cloud.Try(HttpMethod.Delete, "/v2/images/" + id, alice)).Status.ShouldBe(204);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Staged_data_is_imported(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Create(alice);
        await cloud.Refused(409, HttpMethod.Post, $"/v2/images/{id}/import", alice, new { method = new { name = "glance-direct" } });
        (await cloud.Upload(alice, id, Samples.Raw(), "stage")).Status.ShouldBe(204);
        var staged = await cloud.Show(alice, id);
        staged.GetProperty("status").GetString().ShouldBe("uploading");
        staged.GetProperty("size").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Spans(cloud, id)).ShouldBeEmpty();
        await cloud.Refused(400, HttpMethod.Post, $"/v2/images/{id}/import", alice, new { method = new { name = "web-download", uri = "http://127.0.0.1/" } });
        await cloud.Refused(400, HttpMethod.Post, $"/v2/images/{id}/import", alice, new { method = new { name = "glance-direct" }, stores = new[] { "moon" } });
        using var imported = await cloud.Raw(HttpMethod.Post, $"/v2/images/{id}/import", alice, new { method = new { name = "glance-direct" }, all_stores = true });
        ((int)imported.StatusCode).ShouldBe(202);
        var image = await cloud.Show(alice, id);
        image.GetProperty("status").GetString().ShouldBe("active");
        image.GetProperty("os_glance_importing_to_stores").GetString().ShouldBe("");
        (await Spans(cloud, id)).ShouldHaveSingleItem();
        var task = (await cloud.Send(HttpMethod.Get, $"/v2/images/{id}/tasks", alice)).GetProperty("tasks").EnumerateArray().Single();
        task.GetProperty("status").GetString().ShouldBe("success");
        task.GetProperty("input").GetProperty("import_req").GetProperty("method").GetProperty("name").GetString().ShouldBe("glance-direct");
        (await cloud.Send(HttpMethod.Get, "/v2/tasks/" + task.GetProperty("id").GetString(), alice)).GetProperty("image_id").GetString().ShouldBe(id);
        await cloud.Refused(404, HttpMethod.Get, "/v2/tasks/" + task.GetProperty("id").GetString(), ImageClouds.Project("bob"));
        await cloud.Refused(403, HttpMethod.Post, $"/v2/images/{id}/import", alice, new { method = new { name = "copy-image" } });
        (await cloud.Try(HttpMethod.Post, $"/v2/images/{id}/import", "admin", new { method = new { name = "copy-image" }, all_stores = true })).Status.ShouldBe(202);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Seeds_are_offered_once(string kind)
    {
        var cloud = clouds[kind];
        var name = ImageClouds.Project("guest");
        async Task<string> Seed(long size) => await cloud.Images.Seed(name, new MemoryStream(Samples.Qcow2(size)), new Dictionary<string, string> { ["os_distro"] = "debian" }, default);
        var first = await Seed(1 << 30);
        (await Seed(1 << 30)).ShouldBe(first);
        var alice = ImageClouds.Project("alice");
        (await cloud.List(alice, "?name=" + name)).ShouldBe([first]);
        var second = await Seed(2L << 30);
        second.ShouldNotBe(first);
        (await cloud.List(alice, "?name=" + name)).ShouldBe([second]);
        (await cloud.Status(alice, first)).ShouldBe("active");
        foreach (var seed in new[] { first, second })
        {
            // All see a seed: one left behind would be in the lists of the tests that come later.
            await cloud.Send(HttpMethod.Patch, "/v2/images/" + seed, "admin", """[{"op":"replace","path":"/protected","value":false}]""", PatchTests.V21);
            (await cloud.Try(HttpMethod.Delete, "/v2/images/" + seed, "admin")).Status.ShouldBe(204);
        }
    }

    internal static Task<List<Span>> Spans(ImageCloud cloud, string id) => cloud.Db.Read(
        r => r.Query<Span>("SELECT meter, quantity, project_id, opened_at, closed_at FROM usage_span WHERE resource_id = @id ORDER BY opened_at, closed_at", new { id }));

    internal sealed record Span(string Meter, long Quantity, string ProjectId, long OpenedAt, long? ClosedAt);

    private static async Task<HttpResponseMessage> Range(ImageCloud cloud, string token, string id, string range)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/image/v2/images/{id}/file");
        request.Headers.Add("X-Auth-Token", token);
        request.Headers.TryAddWithoutValidation("Range", range);
        return await cloud.Client.SendAsync(request);
    }
}
