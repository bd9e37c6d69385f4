using System.Globalization;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>What a policy may look at in a request (Service Authorization Reference, "Condition keys for Amazon S3").</summary>
internal sealed record PolicyRequest(S3Call Call, BucketRow Bucket, string Action, string? Key, IReadOnlyDictionary<string, string>? Tags)
{
    public Caller Caller => Call.Caller;

    public string Resource => $"arn:aws:s3:::{Bucket.Name}{(Key is null ? "" : "/" + Key)}";

    /// <summary>The values of a condition key; none where the request does not have it.</summary>
    public IReadOnlyList<string> Values(string key)
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
            _ => Global(lower),
        };
    }

    private IReadOnlyList<string> Global(string key) => key switch
    {
        "aws:sourceip" => One(Call.Http.Connection.RemoteIpAddress?.ToString()),
        "aws:referer" => One(Call.Header("Referer")),
        "aws:useragent" => One(Call.Header("User-Agent")),
        "aws:securetransport" => [Call.Http.Request.IsHttps ? "true" : "false"],
        "aws:currenttime" => [Instants.Iso(Call.Now)],
        "aws:epochtime" => [(Call.Now / 1_000_000).ToString(CultureInfo.InvariantCulture)],
        "aws:principalaccount" => One(Caller.AccountId),
        "aws:userid" => One(Caller.UserId),
        "aws:principaltype" => [Caller.IsAnonymous ? "Anonymous" : "User"],
        _ => [],
    };

    private Dictionary<string, string> RequestTags() => Call.Header("x-amz-tagging") is { } text ? Objects.TagSet.ParseHeader(text) : [];

    private static IReadOnlyList<string> One(string? value) => value is null ? [] : [value];
}
