using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Conditional requests (RFC 9110, 13, as S3 has them).</summary>
internal static class Conditions
{
    /// <summary>What a read wants to hold; true where nothing has changed (304).</summary>
    public static bool NotModified(S3Call call, VersionRow row)
    {
        var (match, none) = (call.Header("If-Match"), call.Header("If-None-Match"));
        if (match is not null && !Any(match, row.Etag))
        {
            throw Faults.Precondition("If-Match");
        }

        var changed = Instants.Seconds(row.CreatedAt);
        if (match is null && Instants.ParseHttp(call.Header("If-Unmodified-Since")) is { } until && changed > until)
        {
            throw Faults.Precondition("If-Unmodified-Since");
        }

        return none is not null ? Any(none, row.Etag) : Instants.ParseHttp(call.Header("If-Modified-Since")) is { } since && changed <= since;
    }

    /// <summary>What a copy wants of its source.</summary>
    public static void Source(S3Call call, VersionRow row)
    {
        var changed = Instants.Seconds(row.CreatedAt);
        var match = call.Header("x-amz-copy-source-if-match");
        var none = call.Header("x-amz-copy-source-if-none-match");
        if ((match is not null && !Any(match, row.Etag)) || (none is not null && Any(none, row.Etag)))
        {
            throw Faults.Precondition(match is not null ? "x-amz-copy-source-If-Match" : "x-amz-copy-source-If-None-Match");
        }

        if (match is null && Instants.ParseHttp(call.Header("x-amz-copy-source-if-unmodified-since")) is { } until && changed > until)
        {
            throw Faults.Precondition("x-amz-copy-source-If-Unmodified-Since");
        }

        if (none is null && Instants.ParseHttp(call.Header("x-amz-copy-source-if-modified-since")) is { } since && changed <= since)
        {
            throw Faults.Precondition("x-amz-copy-source-If-Modified-Since");
        }
    }

    /// <summary>What a write wants of the version that is there now; decided within its transaction.</summary>
    public static Action<VersionRow?> Write(S3Call call)
    {
        var (match, none) = (call.Header("If-Match"), call.Header("If-None-Match"));
        return current =>
        {
            var there = current is { Marker: false } ? current : null;
            if (none is not null && there is not null && Any(none, there.Etag))
            {
                throw Faults.Precondition("If-None-Match");
            }

            if (match is not null && (there is null || !Any(match, there.Etag)))
            {
                throw there is null ? Faults.NoSuchKey(call.Key) : Faults.Precondition("If-Match");
            }
        };
    }

    /// <summary>What a delete wants of what it deletes; false where nothing is there, so that there is nothing to do.</summary>
    public static bool Delete(VersionRow? row, string? etag, string? size, string? modified)
    {
        if (row is null)
        {
            return etag is null && size is null && modified is null;
        }

        if ((etag is not null && (row.Marker ? etag != "*" : !Any(etag, row.Etag)))
            || (size is not null && size != row.Size.ToString())
            || (modified is not null && Instants.ParseHttp(modified) is var at && (at is null || Instants.Seconds(at.Value) != Instants.Seconds(row.CreatedAt))))
        {
            throw Faults.Precondition("If-Match");
        }

        return true;
    }

    private static bool Any(string list, string etag) =>
        list.Split(',', StringSplitOptions.TrimEntries).Any(one => one == "*" || (one.StartsWith("W/", StringComparison.Ordinal) ? one[2..] : one).Trim('"') == etag);
}
