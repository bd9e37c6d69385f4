using System.Globalization;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Listing;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Lists a container: a walk along its keys as S3's listings take it.</summary>
internal sealed class SwiftListing(Db db)
{
    public const int Most = 10_000;

    public static bool IsTrue(string? text) => text?.ToLowerInvariant() is "true" or "1" or "yes" or "on" or "t" or "y";

    public static int Limit(SwiftCall call, int most)
    {
        if (call.Query("limit") is not { Length: > 0 } text)
        {
            return most;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit <= most
            ? limit
            : throw new Door.S3Fault(412, "PreconditionFailed", $"Maximum limit is {most}");
    }

    public async Task<IReadOnlyList<ListedLine>> Of(SwiftCall call, BucketRow bucket)
    {
        var (prefix, delimiter) = call.Query("path") is { } path
            ? (path.Length == 0 || path.EndsWith('/') ? path : path + "/", "/")
            : (call.Query("prefix") ?? "", call.Query("delimiter") ?? "");
        var (marker, end) = (call.Query("marker") ?? "", call.Query("end_marker") ?? "");
        var limit = Limit(call, Most);
        var query = new ListQuery(prefix, delimiter.Length == 0 ? null : delimiter, Most, Encode: false);
        if (!IsTrue(call.Query("reverse")))
        {
            return await Forward(call, bucket, query with { Most = limit }, marker, end);
        }

        // Backwards is the end of forwards: the keys' index is walked one way.
        var all = new List<ListedLine>();
        for (var at = end; ;)
        {
            var page = await Forward(call, bucket, query, at, marker);
            all.AddRange(page);
            all.RemoveRange(0, Math.Max(0, all.Count - limit));
            if (page.Count < Most)
            {
                all.Reverse();
                return all;
            }

            at = page[^1].Name;
        }
    }

    /// <summary>Up to so many lines behind a marker and before an end.</summary>
    public async Task<IReadOnlyList<ListedLine>> Forward(SwiftCall call, BucketRow bucket, ListQuery query, string marker, string end)
    {
        var page = await db.Read(
            reader => new Walk<ListedVersion>(
                (after, last, most) => ListStore.Current(reader, bucket.Id, after, Earlier(last, end), most), row => new Position(row.ObjectKey), query.Prefix, query.Delimiter, query.Most).Run(query.After(marker)),
            call.Cancel);
        return
        [
            .. page.Items.Select(Line).Concat(call.Query("path") is null ? page.Prefixes.Select(ListedLine.Common) : []).OrderBy(line => line.Name, StringComparer.Ordinal),
        ];
    }

    private static string? Earlier(string? one, string other) => other.Length == 0 ? one : one is null || string.CompareOrdinal(other, one) < 0 ? other : one;

    private static ListedLine Line(ListedVersion row) => new(row.ObjectKey, "object",
    [
        ("hash", row.Etag), ("bytes", row.Size), ("content_type", row.Details.Headers.GetValueOrDefault("Content-Type", SwiftObjects.DefaultType)), ("last_modified", SwiftCall.Iso(row.CreatedAt)),
    ]);
}
