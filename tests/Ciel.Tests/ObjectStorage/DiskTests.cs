using System.Net;
using System.Text;
using Ciel.Core.Blobs;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Objects;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.ObjectStorage;

/// <summary>What a disk does to objects, seen through the door. The cloud is each test's own.</summary>
public class DiskTests
{
    private const int First = 5 << 20;

    [Fact]
    public async Task A_flipped_bit_is_never_served_not_in_a_part_and_not_in_a_range()
    {
        await using var cloud = await S3Cloud.Start();
        var upload = (await cloud.Main.Post("/bucket/key?uploads")).Ok().All("UploadId").Single();
        var (one, two) = (new string('a', First), new string('b', 300_000));
        var etags = new List<string>();
        foreach (var (content, number) in ((string, int)[])[(one, 1), (two, 2)])
        {
            etags.Add((await cloud.Main.Put($"/bucket/key?partNumber={number}&uploadId={upload}", content)).Ok()["ETag"]!);
        }

        (await RaceTests.Complete(cloud, "key", upload, [.. etags])).Ok();
        (await cloud.Main.Get("/bucket/key")).Text.ShouldBe(one + two);
        Flip(cloud, size: 300_000, at: 150_000);
        (await cloud.Main.Get("/bucket/key", ("Range", $"bytes=0-{First + 65_535}"))).Text.ShouldBe(one + two[..65_536]);
        (await cloud.Main.Get("/bucket/key", ("Range", $"bytes={First + 149_000}-{First + 149_009}"))).Status.ShouldBe(HttpStatusCode.InternalServerError);
        (await cloud.Main.Get("/bucket/key", ("Range", $"bytes={First + 200_000}-{First + 200_009}"))).Text.ShouldBe("bbbbbbbbbb");
        await Should.ThrowAsync<HttpRequestException>(() => cloud.Main.Get("/bucket/key"));
        (await cloud.Main.Put("/bucket/copy", "", ("x-amz-copy-source", "/bucket/key"))).Status.ShouldBe(HttpStatusCode.InternalServerError);
        (await cloud.Main.Get("/bucket/copy")).Code.ShouldBe("NoSuchKey");
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_507_keeps_what_was_there_and_leaves_nothing()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", RaceTests.Large('a'))).Ok();
        var incoming = Path.Combine(Root(cloud), "objects", "incoming");
        Directory.Delete(incoming);
        (await cloud.Main.Put("/bucket/key", RaceTests.Large('b'))).Status.ShouldBe(HttpStatusCode.InsufficientStorage);
        (await cloud.Main.Get("/bucket/key")).Text.ShouldBe(RaceTests.Large('a'));
        Directory.CreateDirectory(incoming);
        (await cloud.Main.Put("/bucket/key", RaceTests.Large('b'))).Ok();
        (await cloud.Main.Get("/bucket/key")).Text.ShouldBe(RaceTests.Large('b'));
        Blobs(cloud).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_bucket_is_relaxed_only_by_its_tag_and_only_by_the_right_word()
    {
        await using var cloud = await S3Cloud.Start();
        (await Tag(cloud, "relaxd")).Code.ShouldBe("InvalidTag");
        (await cloud.Main.Get("/bucket?tagging")).Code.ShouldBe("NoSuchTagSet");
        (await IsRelaxed(cloud)).ShouldBeFalse();
        (await Tag(cloud, "relaxed")).Ok();
        (await IsRelaxed(cloud)).ShouldBeTrue();
        (await cloud.Main.Put("/bucket/key", RaceTests.Large('r'))).Ok();
        (await cloud.Main.Get("/bucket/key")).Text.ShouldBe(RaceTests.Large('r'));
        (await Tag(cloud, "strict")).Ok();
        (await IsRelaxed(cloud)).ShouldBeFalse();
        (await cloud.Main.Put("/bucket/key", RaceTests.Large('s'))).Ok();
        (await cloud.Main.Get("/bucket/key")).Text.ShouldBe(RaceTests.Large('s'));
    }

    private static Task<bool> IsRelaxed(S3Cloud cloud) => cloud.Cloud.Db.Read(async r => Durability.IsRelaxed((await BucketStore.Find(r, "bucket"))!));

    private static Task<S3Answer> Tag(S3Cloud cloud, string value) => cloud.Main.Send(
        HttpMethod.Put, "/bucket?tagging", Encoding.UTF8.GetBytes($"<Tagging><TagSet><Tag><Key>ciel:durability</Key><Value>{value}</Value></Tag></TagSet></Tagging>"));

    private static void Flip(S3Cloud cloud, long size, long at)
    {
        var file = Blobs(cloud).Single(f => BlobTrailer.FileSize(size) == new FileInfo(f).Length);
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        var one = new byte[1];
        RandomAccess.Read(handle, one, at);
        RandomAccess.Write(handle, [(byte)(one[0] ^ 1)], at);
    }

    private static string[] Blobs(S3Cloud cloud) => Directory.GetFiles(Path.Combine(Root(cloud), "objects"), "????????-*", SearchOption.AllDirectories);

    private static string Root(S3Cloud cloud) => cloud.Cloud.Host.Parts.GetRequiredService<BlobOptions>().Root;
}
