using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>The headers that are kept with an object.</summary>
internal static class ObjectHeaders
{
    private const string Meta = "x-amz-meta-";
    private const int MostMeta = 2 * 1024;
    public const string DefaultType = "binary/octet-stream";
    public const string Redirect = "x-amz-website-redirect-location";

    private static readonly string[] Kept = ["Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires", Redirect];

    /// <summary>What <c>response-*</c> parameters may replace.</summary>
    private static readonly string[] Replaceable = ["Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"];

    public static ObjectInfo Read(S3Call call)
    {
        var headers = new Dictionary<string, string>();
        foreach (var name in Kept)
        {
            if (call.Header(name) is { Length: > 0 } value && (name == "Content-Encoding" ? WithoutFraming(value) : value) is { Length: > 0 } kept)
            {
                headers[name] = kept;
            }
        }

        if (headers.GetValueOrDefault(Redirect) is { } elsewhere
            && (elsewhere.Length > MostMeta || !(elsewhere.StartsWith('/') || elsewhere.StartsWith("http://", StringComparison.Ordinal) || elsewhere.StartsWith("https://", StringComparison.Ordinal))))
        {
            throw new S3Fault(400, "InvalidRedirectLocation", "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.");
        }

        return new ObjectInfo { Headers = headers, Meta = MetaOf(call), StorageClass = StorageClasses.Of(call.Header("x-amz-storage-class")) };
    }

    public static void Write(S3Call call, ObjectInfo info)
    {
        call.Answer("Content-Type", info.Headers.GetValueOrDefault("Content-Type", DefaultType));
        foreach (var (name, value) in info.Headers)
        {
            call.Answer(name, value);
        }

        foreach (var (name, value) in info.Meta)
        {
            call.Answer(Meta + name, value);
        }

        if (info.StorageClass != StorageClasses.Standard)
        {
            call.Answer("x-amz-storage-class", info.StorageClass);
        }
    }

    /// <summary>Replaces what the query wants otherwise; nobody may do so unsigned.</summary>
    public static void Override(S3Call call)
    {
        foreach (var name in Replaceable)
        {
            if (call.Query("response-" + name.ToLowerInvariant()) is { } value)
            {
                call.Answer(name, call.Caller.IsAnonymous ? throw Faults.InvalidRequest("Request specific response headers cannot be used for anonymous GET requests.") : value);
            }
        }
    }

    private static Dictionary<string, string> MetaOf(S3Call call)
    {
        var meta = new Dictionary<string, string>();
        foreach (var (name, value) in call.Http.Request.Headers.Where(h => h.Key.StartsWith(Meta, StringComparison.OrdinalIgnoreCase)))
        {
            meta[name[Meta.Length..].ToLowerInvariant()] = value.ToString();
        }

        return meta.Sum(m => m.Key.Length + m.Value.Length) <= MostMeta
            ? meta
            : throw new S3Fault(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size") { Extra = [("MaxSizeAllowed", MostMeta.ToString())] };
    }

    private static string WithoutFraming(string encoding) =>
        string.Join(", ", encoding.Split(',', StringSplitOptions.TrimEntries).Where(part => part != "aws-chunked"));
}
