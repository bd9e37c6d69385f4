using Ciel.Core.Keepers;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Objects;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.ObjectStorage;

/// <summary>What keepers do in the background: lifecycle rules, the ledger, projects that go.</summary>
public class KeepingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task RulesAreCarriedOut(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        foreach (var key in (string[])["old/1", "old/2", "kept"])
        {
            (await cloud.Main.Put("/bucket/" + key, "x")).Ok();
        }

        (await cloud.Main.Put("/bucket?lifecycle", """
            <LifecycleConfiguration><Rule><Status>Enabled</Status><Filter><And><Prefix>old/</Prefix><ObjectSizeLessThan>10</ObjectSizeLessThan></And></Filter>
            <Expiration><Date>2020-01-01T00:00:00Z</Date></Expiration></Rule>
            <Rule><Status>Disabled</Status><Prefix/><Expiration><Date>2020-01-01T00:00:00Z</Date></Expiration></Rule></LifecycleConfiguration>
            """)).Ok();
        await Wake(cloud, "object.lifecycle");
        await Until(async () => (await cloud.Main.Get("/bucket")).All("Key").SequenceEqual(["kept"]));
    }

    [Fact]
    public async Task A_bucket_whose_rules_fail_keeps_no_other_buckets_waiting()
    {
        const string Rules = "<LifecycleConfiguration><Rule><Status>Enabled</Status><Prefix/><Expiration><Date>2020-01-01T00:00:00Z</Date></Expiration></Rule></LifecycleConfiguration>";
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/a-bucket")).Ok();
        foreach (var bucket in (string[])["/a-bucket", "/bucket"])
        {
            (await cloud.Main.Put(bucket + "/old", "x")).Ok();
            (await cloud.Main.Put(bucket + "?lifecycle", Rules)).Ok();
        }

        // What an older release may have stored and this one cannot read.
        (await cloud.Cloud.Db.Write(tx => tx.Execute("UPDATE object_bucket SET settings = replace(settings, 'LifecycleConfiguration', 'No XML') WHERE name = 'a-bucket'"))).ShouldBe(1);
        await Wake(cloud, "object.lifecycle");
        await Until(async () => (await cloud.Main.Head("/bucket/old")).Status == System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_new_storage_class_undid_what_the_object_was_told_since_it_was_looked_at()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        var (bucket, seen) = await cloud.Cloud.Db.Read(async r => ((await BucketStore.Find(r, "bucket"))!, (await VersionStore.Latest(r, (await BucketStore.Find(r, "bucket"))!.Id, "key"))!));
        (await cloud.Cloud.Db.Write(tx => tx.Execute("UPDATE object_version SET info = @info", new { info = (seen.Details with { Replication = "COMPLETED" }).Text }))).ShouldBe(1);
        await cloud.Cloud.Host.Parts.GetRequiredService<VersionBook>().Reclass(bucket, seen, "GLACIER", default);
        var head = await cloud.Main.Head("/bucket/key");
        head["x-amz-storage-class"].ShouldBe("GLACIER");
        head["x-amz-replication-status"].ShouldBe("COMPLETED");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task TheLedgerKnowsWhatIsStored(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        (await cloud.Main.Put("/bucket/a", "12345")).Ok();
        (await cloud.Main.Put("/bucket/b", "123")).Ok();
        (await cloud.Main.Put("/bucket/b", "1")).Ok();
        await Wake(cloud, "object.meter");
        await Until(async () => await Stored(cloud) == 6);
        (await cloud.Main.Delete("/bucket/a")).Ok();
        (await cloud.Main.Delete("/bucket/b")).Ok();
        (await cloud.Main.Delete("/bucket")).Ok();
        (await Stored(cloud)).ShouldBe(0);
    }

    [Fact]
    public async Task AGoneProjectsBucketsGo()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", new string('x', 100_000))).Ok();
        await cloud.Cloud.Send(HttpMethod.Delete, "/identity/v3/projects/" + cloud.MainProject, await cloud.Cloud.AdminToken());
        await Until(() => cloud.Cloud.Db.Read(async r => await r.Scalar<long>("SELECT (SELECT COUNT(*) FROM object_bucket) + (SELECT COUNT(*) FROM object_version) + (SELECT COUNT(*) FROM object_blob)") == 0));
    }

    private static Task<long> Stored(S3Cloud cloud) => cloud.Cloud.Db.Read(r => r.Scalar<long>("SELECT CAST(COALESCE(SUM(quantity), 0) AS bigint) FROM usage_span WHERE meter = 'object.stored' AND closed_at IS NULL"));

    private static Task Wake(S3Cloud cloud, string keeper) => cloud.Cloud.Db.Write(tx => cloud.Cloud.Host.Parts.GetRequiredService<KeeperBook>().Wake(tx, keeper));

    internal static async Task Until(Func<Task<bool>> holds)
    {
        for (var end = DateTimeOffset.UtcNow + Patience; !await holds(); await Task.Delay(50))
        {
            DateTimeOffset.UtcNow.ShouldBeLessThan(end, "it did not come about");
        }
    }
}
