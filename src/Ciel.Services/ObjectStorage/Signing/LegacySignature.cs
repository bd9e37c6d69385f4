using System.Security.Cryptography;
using System.Text;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>SigV2 (Amazon S3 User Guide, "Signature Version 2"), which old clients and upload forms still use. It signs no body.</summary>
internal static class LegacySignature
{
    private const long Skew = 15L * 60 * 1_000_000;

    /// <summary>Parameters that are part of the resource.</summary>
    private static readonly HashSet<string> Signed =
    [
        "acl", "cors", "delete", "lifecycle", "location", "logging", "notification", "partNumber", "policy", "policyStatus", "publicAccessBlock", "requestPayment", "tagging",
        "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website", "encryption", "object-lock", "retention", "legal-hold", "replication", "restore",
        "response-content-type", "response-content-language", "response-expires", "response-cache-control", "response-content-disposition", "response-content-encoding",
    ];

    public static async Task ByHeader(S3Call call, string header, Func<S3Call, string, Task<Signer>> find)
    {
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        if (!header.StartsWith("AWS ", StringComparison.Ordinal) || colon < 0)
        {
            throw Faults.InvalidArgument("Authorization", header, "Unsupported Authorization Type");
        }

        var date = call.Header("x-amz-date") ?? call.Header("Date");
        if (Instants.ParseHttp(date) is not ({ } instant and >= 0))
        {
            throw Faults.AccessDenied("AWS authentication requires a valid Date or x-amz-date header");
        }

        if (Math.Abs(call.Now - instant) > Skew)
        {
            throw new S3Fault(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");
        }

        var access = header[4..colon];
        var key = await find(call, access);
        CheckEither(call, key, ToSign(call, call.Header("x-amz-date") is null ? date! : ""), header[(colon + 1)..]);
    }

    public static async Task ByQuery(S3Call call, Func<S3Call, string, Task<Signer>> find)
    {
        var expires = call.Query("Expires") ?? "";
        if (!long.TryParse(expires, out var seconds) || call.Now > seconds * 1_000_000)
        {
            throw Faults.AccessDenied("Request has expired");
        }

        var key = await find(call, call.Query("AWSAccessKeyId") ?? "");
        CheckEither(call, key, ToSign(call, expires), call.Query("Signature") ?? "");
    }

    // Some clients sign a bucket's path with a slash at its end and send it without.
    private static void CheckEither(S3Call call, Signer key, string toSign, string signature)
    {
        var path = Path(call);
        var withSlash = call.Target is { Key: null, Bucket: not null } && !path.EndsWith('/') ? toSign.Replace("\n" + path, "\n" + path + "/", StringComparison.Ordinal) : toSign;
        Check(call, key, IsSigned(key, withSlash, signature) ? withSlash : toSign, signature);
    }

    /// <summary>Whether that text is signed by the key.</summary>
    public static void Check(S3Call call, Signer key, string toSign, string signature)
    {
        if (!IsSigned(key, toSign, signature))
        {
            throw Faults.BadSignature(key.Access, toSign, signature);
        }

        call.Caller = key.Caller;
    }

    private static bool IsSigned(Signer key, string toSign, string signature)
    {
#pragma warning disable CA5350 // The method is what old clients speak; HMAC does not need a hash without collisions.
        var expected = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(key.Secret), Encoding.Latin1.GetBytes(toSign)));
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(signature));
    }

    // As it was sent; a bucket that the host names stands before it.
    private static string Path(S3Call call) => (call.Target.InHost ? "/" + call.Target.Bucket : "") + Percent.Encode(call.Target.Path, "/");

    private static string ToSign(S3Call call, string date)
    {
        var text = new StringBuilder().Append(call.Http.Request.Method).Append('\n').Append(call.Header("Content-MD5")).Append('\n').Append(call.Header("Content-Type")).Append('\n').Append(date).Append('\n');
        var headers = call.Http.Request.Headers.Where(h => h.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            .Select(h => (Name: h.Key.ToLowerInvariant(), Value: string.Join(',', h.Value.Select(v => (v ?? "").Trim())))).OrderBy(h => h.Name, StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        text.Append(Path(call));
        var query = call.Target.Query.Where(q => Signed.Contains(q.Name)).OrderBy(q => q.Name, StringComparer.Ordinal).Select(q => q.Value.Length == 0 ? q.Name : $"{q.Name}={q.Value}").ToList();
        return text.Append(query.Count > 0 ? "?" : "").AppendJoin('&', query).ToString();
    }
}
