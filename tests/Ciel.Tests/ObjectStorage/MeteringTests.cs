using Ciel.Core.Ledger;
using Ciel.Services.ObjectStorage.Metering;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.ObjectStorage;

/// <summary>What requests cost, and whom.</summary>
public class MeteringTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task RequestsAndBytesAreTheOwners(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        await Clear(cloud);
        (await cloud.Main.Put("/bucket/key", new string('x', 100_000))).Ok();
        (await cloud.Main.Get("/bucket/key")).Ok();
        (await cloud.Main.Get("/bucket/key", ("Range", "bytes=0-9"))).Ok();
        (await cloud.Main.Head("/bucket/key")).Ok();
        var listed = (await cloud.Main.Get("/bucket")).Bytes.Length;
        (await cloud.Main.Put("/bucket/copy", "", ("x-amz-copy-source", "/bucket/key"))).Bytes.Length.ShouldBeGreaterThan(0);
        var missing = (await cloud.Main.Get("/bucket/none")).Bytes.Length;
        (await cloud.Main.Delete("/bucket/key")).Ok();
        var counts = await Counts(cloud);
        counts["object.class-a-requests"].ShouldBe(3, "put, list, copy");
        counts["object.class-b-requests"].ShouldBe(4, "get, range, head, and the owner's own 404");
        counts["object.free-requests"].ShouldBe(1);
        counts["object.ingress"].ShouldBe(100_000);
        counts["object.egress"].ShouldBe(100_010 + listed + missing + await CopyAnswer(cloud));
    }

    [Fact]
    public async Task StrangersWhoAreRefusedCostTheOwnerNothing()
    {
        await using var cloud = await S3Cloud.Start();
        var (stranger, project) = await cloud.Account("stranger");
        (await cloud.Main.Put("/bucket/open", "seen", ("x-amz-acl", "public-read"))).Ok();
        await Clear(cloud);
        (await stranger.Get("/bucket/none")).Code.ShouldBe("AccessDenied");
        (await stranger.Put("/bucket/key", "x")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.As(anonymous: true).Get("/bucket")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.As(skew: TimeSpan.FromHours(1)).Get("/bucket/open")).Code.ShouldBe("RequestTimeTooSkewed");
        (await stranger.Get("/nowhere")).Code.ShouldBe("NoSuchBucket");
        // Nor what is refused before it is known whether they may.
        (await cloud.Main.As(anonymous: true).Get("/bucket/open?versionId=")).Code.ShouldBe("InvalidArgument");
        (await cloud.Main.As(anonymous: true).Put("/bucket/key", "x", ("x-amz-tagging", "=a"))).Code.ShouldBe("InvalidArgument");
        (await Counts(cloud)).ShouldBeEmpty();
        (await cloud.Main.As(anonymous: true).Get("/bucket/open")).Text.ShouldBe("seen");
        (await Counts(cloud)).ShouldBe(new Dictionary<string, long> { ["object.class-b-requests"] = 1, ["object.egress"] = 4 }, ignoreOrder: true);
        (await Counts(cloud, project)).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhoAsksPaysWhereTheOwnerWantsIt()
    {
        await using var cloud = await S3Cloud.Start();
        var (stranger, project) = await cloud.Account("stranger");
        (await cloud.Main.Put("/bucket/open", "seen", ("x-amz-acl", "public-read"))).Ok();
        (await cloud.Main.Put("/bucket?requestPayment", "<RequestPaymentConfiguration><Payer>Nobody</Payer></RequestPaymentConfiguration>")).Code.ShouldBe("MalformedXML");
        (await cloud.Main.Put("/bucket?requestPayment", "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>")).Ok();
        (await cloud.Main.Get("/bucket?requestPayment")).All("Payer").ShouldBe(["Requester"]);
        await Clear(cloud);
        (await cloud.Main.As(anonymous: true).Get("/bucket/open", ("x-amz-request-payer", "requester"))).Code.ShouldBe("AccessDenied");
        (await stranger.Get("/bucket/open")).Code.ShouldBe("AccessDenied");
        var paid = (await stranger.Get("/bucket/open", ("x-amz-request-payer", "requester"))).Ok();
        paid["x-amz-request-charged"].ShouldBe("requester");
        (await Counts(cloud)).ShouldBeEmpty();
        (await Counts(cloud, project)).ShouldBe(new Dictionary<string, long> { ["object.class-b-requests"] = 1, ["object.egress"] = 4 }, ignoreOrder: true);
        (await cloud.Main.Get("/bucket/open")).Ok()["x-amz-request-charged"].ShouldBeNull();
        (await cloud.Main.Put("/bucket?requestPayment", "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>")).Ok();
        (await stranger.Get("/bucket/open")).Text.ShouldBe("seen");
    }

    private static async Task<int> CopyAnswer(S3Cloud cloud) => (await cloud.Main.Put("/bucket/again", "", ("x-amz-copy-source", "/bucket/copy"))).Ok().Bytes.Length;

    private static async Task<Dictionary<string, long>> Counts(S3Cloud cloud, string? project = null)
    {
        await cloud.Cloud.Host.Parts.GetRequiredService<UsageCounters>().Fold(CancellationToken.None);
        var totals = await cloud.Cloud.Db.Read(r => UsageCounts.Totals(r, project ?? cloud.MainProject));
        totals.Select(t => t.Meter).ShouldBeSubsetOf(Meters.All.Select(m => m.Name));
        return totals.ToDictionary(t => t.Meter, t => t.Quantity);
    }

    private static async Task Clear(S3Cloud cloud)
    {
        await cloud.Cloud.Host.Parts.GetRequiredService<UsageCounters>().Fold(CancellationToken.None);
        await cloud.Cloud.Db.Write(tx => tx.Execute("DELETE FROM usage_count"));
    }
}
