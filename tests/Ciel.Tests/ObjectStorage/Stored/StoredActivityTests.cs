using System.Net;
using Ciel.Core.Keepers;
using Ciel.Core.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.ObjectStorage.Stored;

/// <summary>Real requests, billed as an observer outside saw them: each took effect between its begin and its answer.</summary>
public class StoredActivityTests
{
    private const int Size = 1_000_000;
    private static readonly string Body = new('x', Size);
    private Int128 _least;
    private Int128 _most;

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Every_way_to_store_and_to_remove_is_billed_as_it_was_observed(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var (begun, s3) = (Now(), cloud.Main);
        (await s3.Put("/brief")).Ok();
        await Seen(Size, () => s3.Put("/brief/a", Body));
        await Seen(2 * Size, () => s3.Put("/brief/a", Body + Body + Body));
        await Look(cloud, 3 * Size);
        await Seen(-2 * Size, () => s3.Put("/brief/a", Body));
        (await s3.Put("/brief?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")).Ok();
        var newer = await Seen(Size, () => s3.Put("/brief/a", Body));
        var marker = await Seen(0, () => s3.Delete("/brief/a"));
        await Seen(-Size, () => s3.Delete("/brief/a?versionId=" + newer["x-amz-version-id"]));
        await Look(cloud, Size);
        await Parts(s3);
        await Seen(0, () => s3.Delete("/brief/a?versionId=" + marker["x-amz-version-id"]));
        await Seen(-Size, () => s3.Delete("/brief/a?versionId=null"));
        await Seen(-Size, () => s3.Delete("/brief"));
        var spans = await Spans(cloud);
        spans.ShouldAllBe(s => s.ClosedAt != null);
        var billed = UsageReport.Sums(spans, 0).Single().UnitMicros;
        billed.ShouldBeGreaterThan(_least - (Now() - begun), "less than a byte may be missing");
        billed.ShouldBeLessThanOrEqualTo(_most);
    }

    // At the end a part of Size is left, which goes with its bucket.
    private async Task Parts(S3Client s3)
    {
        var upload = await Upload(s3, "parts");
        await Seen(Size, () => s3.Put($"/brief/parts?partNumber=1&uploadId={upload}", Body));
        var part = await Seen(Size, () => s3.Put($"/brief/parts?partNumber=1&uploadId={upload}", Body + Body));
        await Seen(Size, () => s3.Put($"/brief/parts?partNumber=2&uploadId={upload}", Body));
        var list = $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{WebUtility.HtmlEncode(part["ETag"])}</ETag></Part></CompleteMultipartUpload>";
        var whole = await Seen(-Size, () => s3.Post($"/brief/parts?uploadId={upload}", list));
        var aborted = await Upload(s3, "aborted");
        await Seen(Size, () => s3.Put($"/brief/aborted?partNumber=1&uploadId={aborted}", Body));
        await Seen(-Size, () => s3.Delete("/brief/aborted?uploadId=" + aborted));
        var left = await Upload(s3, "left");
        await Seen(Size, () => s3.Put($"/brief/left?partNumber=1&uploadId={left}", Body));
        await Seen(-2 * Size, () => s3.Delete("/brief/parts?versionId=" + whole["x-amz-version-id"]));
    }

    private static async Task<string> Upload(S3Client s3, string key) => (await s3.Post($"/brief/{key}?uploads")).Ok().All("UploadId")[0];

    // Nothing is left in the end, so what was held is each removal's instant less each addition's, by bytes.
    private async Task<S3Answer> Seen(long bytes, Func<Task<S3Answer>> request)
    {
        var before = Now();
        var answer = (await request()).Ok();
        var after = Now() + 1;
        _least -= (Int128)bytes * (bytes > 0 ? after : before);
        _most -= (Int128)bytes * (bytes > 0 ? before : after);
        return answer;
    }

    private static async Task Look(S3Cloud cloud, long bytes)
    {
        await cloud.Cloud.Db.Write(tx => cloud.Cloud.Host.Parts.GetRequiredService<KeeperBook>().Wake(tx, "object.meter"));
        await KeepingTests.Until(async () => (await Spans(cloud)).Any(s => s.ClosedAt is null && s.Quantity == bytes));
    }

    private static async Task<List<UsageSpan>> Spans(S3Cloud cloud) =>
        (await cloud.Cloud.Db.Read(r => UsageReport.Spans(r, cloud.MainProject))).Where(s => s.Meter == "object.stored").ToList();

    private static long Now() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
