using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ciel.Services.ObjectStorage.Door;

/// <summary>
/// What a request names, read from the raw request line: a decoded path would lose <c>%2F</c>, <c>..</c> and double slashes, which are legal
/// in keys and are what was signed.
/// </summary>
/// <param name="Bucket">Null for the service itself.</param>
/// <param name="Key">Null for a bucket.</param>
/// <param name="Path">The decoded path, for the signature.</param>
/// <param name="Query">The decoded pairs in their order; a name without <c>=</c> has an empty value.</param>
internal sealed record Target(string? Bucket, string? Key, string Path, IReadOnlyList<(string Name, string Value)> Query)
{
    /// <summary>Whether the host named the bucket.</summary>
    public bool InHost { get; private init; }

    /// <summary>As many bytes as S3 allows.</summary>
    private const int LongestKey = 1024;

    public string? this[string name] => Query.FirstOrDefault(q => q.Name == name).Value;

    public static Target Of(HttpContext http, DoorNames names)
    {
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var path = Percent.Decode(PathOf(question < 0 ? raw : raw[..question]));
        var query = question < 0 ? [] : Pairs(raw[(question + 1)..]);
        if (names.BucketOf(http.Request.Host) is { } bucket)
        {
            return new Target(bucket, Named(path[1..]), path, query) { InHost = true };
        }

        var slash = path.IndexOf('/', 1);
        var first = slash < 0 ? path[1..] : path[1..slash];
        return new Target(first.Length == 0 ? null : first, slash < 0 ? null : Named(path[(slash + 1)..]), path, query);
    }

    /// <summary>Of a request to a bucket's website, whose query means nothing.</summary>
    public static Target OfSite(HttpContext http, string bucket)
    {
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = Percent.Decode(PathOf(raw.Split('?', 2)[0]));
        return new Target(bucket, Named(path[1..]), path, []) { InHost = true };
    }

    private static string PathOf(string raw)
    {
        if (raw.StartsWith('/'))
        {
            return raw;
        }

        var host = raw.IndexOf("://", StringComparison.Ordinal);
        var slash = host < 0 ? -1 : raw.IndexOf('/', host + 3);
        return slash < 0 ? "/" : raw[slash..];
    }

    /// <summary>A key within S3's limits; null for an empty one.</summary>
    public static string? Named(string key) => key.Length == 0 ? null : System.Text.Encoding.UTF8.GetByteCount(key) <= LongestKey
        ? key
        : throw new S3Fault(400, "KeyTooLongError", "Your key is too long") { Extra = [("MaxSizeAllowed", $"{LongestKey}")] };

    public static List<(string Name, string Value)> Pairs(string text)
    {
        var pairs = new List<(string, string)>();
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(equals < 0
                ? (Percent.Decode(pair, plusIsSpace: true), "")
                : (Percent.Decode(pair.AsSpan(0, equals), plusIsSpace: true), Percent.Decode(pair.AsSpan(equals + 1), plusIsSpace: true)));
        }

        return pairs;
    }
}
