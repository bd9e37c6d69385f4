using Ciel.Core.Quota;

namespace Ciel.Tests.Images;

[Collection("images")]
public class QuotaTests(ImageClouds clouds)
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Many_at_once_never_get_one_too_many(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        await cloud.Db.Write(tx => QuotaBook.Set(tx, alice, "image.image_count_total", 10));
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => cloud.Try(HttpMethod.Post, "/v2/images", alice, new { name = "one of many" })));
        answers.Count(a => a.Status == 201).ShouldBe(10);
        answers.Count(a => a.Status == 413).ShouldBe(22);
        (await cloud.Used(alice, "image.image_count_total")).ShouldBe(10);
        var ids = await cloud.List(alice);
        ids.Length.ShouldBe(10);
        var deletes = await Task.WhenAll(ids.Concat(ids).Select(id => cloud.Try(HttpMethod.Delete, "/v2/images/" + id, alice)));
        deletes.Count(d => d.Status == 204).ShouldBe(10);
        deletes.Count(d => d.Status == 404).ShouldBe(10);
        (await cloud.Used(alice, "image.image_count_total")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Bytes_are_taken_by_those_who_come_first_and_the_rest_is_refused(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        await cloud.Db.Write(tx => QuotaBook.Set(tx, alice, "image.image_size_total", 10_000));
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => cloud.Create(alice)));
        var answers = await Task.WhenAll(ids.Select(id => cloud.Upload(alice, id, Samples.Raw(4000))));
        answers.Count(a => a.Status == 204).ShouldBe(2);
        answers.Count(a => a.Status == 413).ShouldBe(6);
        (await cloud.Used(alice, "image.image_size_total")).ShouldBe(8000);
        (await cloud.List(alice, "?status=queued")).Length.ShouldBe(6);
        var queued = (await cloud.List(alice, "?status=queued"))[0];
        (await cloud.Upload(alice, queued, Samples.Raw(2001))).Status.ShouldBe(413);
        (await cloud.Upload(alice, queued, Samples.Raw(2000), "stage")).Status.ShouldBe(204);
        (await cloud.Used(alice, "image.image_size_total")).ShouldBe(10_000);
        await UploadTests.Owned(cloud);
    }
}
