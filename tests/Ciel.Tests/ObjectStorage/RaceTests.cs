using System.Net;
using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>What happens at once, twice, or in the wrong order, where other stores have lost data.</summary>
public class RaceTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Completing_twice_is_told_the_same_and_aborting_afterwards_harms_nothing(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var (upload, etag) = await Uploaded(cloud, "twice", "one part");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Complete(cloud, "twice", upload, etag)));
        answers.ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        answers.SelectMany(a => a.All("ETag")).Distinct().Count().ShouldBe(1);
        (await Complete(cloud, "twice", upload, etag)).Ok();
        (await cloud.Main.Delete("/bucket/twice?uploadId=" + upload)).Code.ShouldBe("NoSuchUpload");
        (await cloud.Main.Get("/bucket/twice")).Text.ShouldBe("one part");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Completing_after_the_abort_is_refused_and_leaves_what_was_there(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        (await cloud.Main.Put("/bucket/key", "before")).Ok();
        var (upload, etag) = await Uploaded(cloud, "key", "after");
        (await cloud.Main.Delete("/bucket/key?uploadId=" + upload)).Ok();
        (await Complete(cloud, "key", upload, etag)).Code.ShouldBe("NoSuchUpload");
        (await cloud.Main.Put($"/bucket/key?partNumber=2&uploadId={upload}", "x")).Code.ShouldBe("NoSuchUpload");
        (await cloud.Main.Get("/bucket/key")).Text.ShouldBe("before");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Whoever_wins_between_complete_and_abort_the_object_is_whole_or_not_there(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        for (var i = 0; i < 10; i++)
        {
            var content = Large((char)('a' + i));
            var (upload, etag) = await Uploaded(cloud, "key" + i, content);
            var complete = Complete(cloud, "key" + i, upload, etag);
            var abort = cloud.Main.Delete($"/bucket/key{i}?uploadId={upload}");
            await Task.WhenAll(complete, abort);
            var got = await cloud.Main.Get("/bucket/key" + i);
            ((await complete).Code, (await abort).Code, got.Code).ShouldBeOneOf(("", "NoSuchUpload", ""), ("NoSuchUpload", "", "NoSuchKey"));
            (got.Code.Length > 0 || got.Text == content).ShouldBeTrue();
        }
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_part_that_is_sent_anew_while_the_upload_completes_is_in_whole_or_not_at_all(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        for (var i = 0; i < 10; i++)
        {
            var (upload, etag) = await Uploaded(cloud, "key" + i, Large('a'));
            var complete = Complete(cloud, "key" + i, upload, etag);
            var again = cloud.Main.Put($"/bucket/key{i}?partNumber=1&uploadId={upload}", Large('b'));
            await Task.WhenAll(complete, again);
            var got = await cloud.Main.Get("/bucket/key" + i);
            (await complete).Code.ShouldBeOneOf("", "InvalidPart", "OperationAborted");
            (await again).Code.ShouldBeOneOf("", "NoSuchUpload");
            (got.Code.Length > 0 ? "" : got.Text).ShouldBe((await complete).Code.Length > 0 ? "" : Large('a'));
        }
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Every_read_of_a_key_that_is_overwritten_and_deleted_is_one_whole_version(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var reads = 0;
        var writers = Enumerable.Range(0, 3).Select(async w =>
        {
            for (var i = 0; i < 15; i++)
            {
                (await cloud.Main.Put("/bucket/key", new string((char)('a' + w), 1 + (40_000 * ((w + i) % 4))))).Ok();
                if (i % 3 == w)
                {
                    (await cloud.Main.Delete("/bucket/key")).Ok();
                }
            }
        }).ToList();
        var all = Task.WhenAll(writers);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            while (!all.IsCompleted)
            {
                var got = await cloud.Main.Get("/bucket/key");
                got.Code.ShouldBeOneOf("", "NoSuchKey");
                (got.Code.Length > 0 || (got.Text.Distinct().Count() == 1 && got["ETag"] == $"\"{Images.Samples.Md5(got.Bytes)}\"")).ShouldBeTrue();
                Interlocked.Increment(ref reads);
            }
        }));
        await all;
        reads.ShouldBeGreaterThan(0);
    }

    internal static string Large(char of) => new(of, 200_000);

    internal static async Task<(string Upload, string Etag)> Uploaded(S3Cloud cloud, string key, string content)
    {
        var upload = (await cloud.Main.Post($"/bucket/{key}?uploads")).Ok().All("UploadId").Single();
        return (upload, (await cloud.Main.Put($"/bucket/{key}?partNumber=1&uploadId={upload}", content)).Ok()["ETag"]!);
    }

    internal static Task<S3Answer> Complete(S3Cloud cloud, string key, string upload, params string[] etags) => cloud.Main.Send(
        HttpMethod.Post,
        $"/bucket/{key}?uploadId={upload}",
        Encoding.UTF8.GetBytes($"<CompleteMultipartUpload>{string.Concat(etags.Select((e, n) => $"<Part><PartNumber>{n + 1}</PartNumber><ETag>{e}</ETag></Part>"))}</CompleteMultipartUpload>"));
}
