using System.Globalization;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Lifecycle;

/// <summary>Tells when a current version will expire, and by which rule.</summary>
internal static class ExpirationHeader
{
    /// <summary>The header's value; null where nothing expires it.</summary>
    public static string? Of(BucketRow bucket, VersionRow row)
    {
        if (bucket[SettingKinds.Lifecycle] is not { } document || !row.Latest)
        {
            return null;
        }

        var tags = TagSet.Parse(row.Tags);
        var first = LifecycleRule.Parse(document).Where(r => r.Covers(row.ObjectKey, row.Size, tags) && (r.Days ?? r.Date) is not null)
            .Select(r => (Rule: r, At: r.Date ?? Due(row.CreatedAt, r.Days!.Value))).OrderBy(r => r.At).FirstOrDefault();
        return first.Rule is null ? null
            : $"expiry-date=\"{Instants.Of(first.At).ToString("R", CultureInfo.InvariantCulture)}\", rule-id=\"{Percent.Encode(first.Rule.Id)}\"";
    }

    /// <summary>The midnight that follows so many days after an instant.</summary>
    public static long Due(long createdAt, int days)
    {
        const long day = 86_400_000_000;
        return (createdAt + (Math.Min(days, LifecycleRule.MostDays) * day) + day - 1) / day * day;
    }
}
