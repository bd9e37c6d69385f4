using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>A request on a bucket or an object (Service Authorization Reference, "Condition keys for Amazon S3").</summary>
internal sealed record BucketRequest(S3Call Call, BucketRow Bucket, string Action, string? Key, IReadOnlyDictionary<string, string>? Tags) : PolicyRequest(Call, Action)
{
    public override string Resource => $"arn:aws:s3:::{Bucket.Name}{(Key is null ? "" : "/" + Key)}";

    public override string Account => Bucket.ProjectId;

    public override IReadOnlyList<string> Values(string key)
    {
        var lower = key.ToLowerInvariant();
        if (lower.StartsWith("s3:existingobjecttag/", StringComparison.Ordinal))
        {
            return One(Tags?.GetValueOrDefault(key[21..]));
        }

        if (lower.StartsWith("s3:requestobjecttag/", StringComparison.Ordinal))
        {
            return One(RequestTags().GetValueOrDefault(key[20..]));
        }

        return lower switch
        {
            "s3:requestobjecttagkeys" => [.. RequestTags().Keys],
            // Whether a key is there is told as a listing would tell it.
            "s3:prefix" => One(Call.Query("prefix") ?? Call.Target.Key),
            "s3:delimiter" or "s3:max-keys" or "s3:versionid" => One(Call.Query(lower == "s3:versionid" ? "versionId" : lower[3..])),
            "s3:locationconstraint" => One(Call.Header(lower)),
            _ when lower.StartsWith("s3:x-amz-", StringComparison.Ordinal) => One(Call.Header(lower[3..])),
            "s3:if-match" or "s3:if-none-match" => One(Call.Header(lower[3..])),
            "s3:resourceaccount" => [Bucket.ProjectId],
            _ => base.Values(key),
        };
    }

    private Dictionary<string, string> RequestTags() => Call.Header("x-amz-tagging") is { } text ? Objects.TagSet.ParseHeader(text) : [];
}
