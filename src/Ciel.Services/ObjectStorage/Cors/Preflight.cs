using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Cors;

/// <summary>Answers browsers that ask for pages of other origins (Fetch, 3.2).</summary>
internal static class Preflight
{
    public static Task Answer(S3Call call)
    {
        if (!call.HasBucket)
        {
            throw Faults.NoSuchBucket(call.BucketName);
        }

        var origin = call.Header("Origin") ?? throw Bad("Insufficient information. Origin request header needed.");
        var method = call.Header("Access-Control-Request-Method") is { } asked && CorsRule.IsMethod(asked) ? asked
            : throw Bad($"Invalid Access-Control-Request-Method: {call.Header("Access-Control-Request-Method") ?? "null"}");
        var headers = (call.Header("Access-Control-Request-Headers") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (headers.FirstOrDefault(h => !CorsRule.IsName(h)) is { } header)
        {
            throw Bad($"Invalid Access-Control-Request-Headers: {header}");
        }

        var rule = Find(call, origin, method, headers) ?? throw new S3Fault(403, "AccessForbidden", "CORSResponse: This CORS request is not allowed.");
        Write(call, rule, origin);
        if (headers.Length > 0)
        {
            call.Answer("Access-Control-Allow-Headers", string.Join(", ", headers.Select(h => h.ToLowerInvariant())));
        }

        return call.Empty();
    }

    /// <summary>Tells the browser, beside an operation's own answer, that the page may see it.</summary>
    public static void Allow(S3Call call)
    {
        if (call.HasBucket && call.Header("Origin") is { } origin && Find(call, origin, call.Header("Access-Control-Request-Method") ?? call.Http.Request.Method, []) is { } rule)
        {
            Write(call, rule, origin);
        }
    }

    private static S3Fault Bad(string message) => new(400, "BadRequest", message);

    private static CorsRule? Find(S3Call call, string origin, string method, string[] headers) => call.Bucket[SettingKinds.Cors] is { } text
        ? CorsRule.Parse(XmlInput.Parse(text)).FirstOrDefault(r => r.Fits(origin, method, headers))
        : null;

    private static void Write(S3Call call, CorsRule rule, string origin)
    {
        var any = rule.Origins.Contains("*");
        call.Answer("Access-Control-Allow-Origin", any ? "*" : origin);
        call.Answer("Access-Control-Allow-Methods", string.Join(", ", rule.Methods));
        call.Answer("Access-Control-Expose-Headers", rule.Expose.Count == 0 ? null : string.Join(", ", rule.Expose));
        call.Answer("Access-Control-Max-Age", rule.MaxAge);
        call.Answer("Access-Control-Allow-Credentials", any ? null : "true");
        call.Answer("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
    }
}
