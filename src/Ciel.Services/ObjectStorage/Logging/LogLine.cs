using System.Globalization;
using System.Security.Authentication;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Ciel.Services.ObjectStorage.Logging;

/// <summary>One line of an access log (Amazon S3 User Guide, "Amazon S3 server access log format").</summary>
internal static class LogLine
{
    // Whoever sends megabytes of headers must not fill the memory of who gathers the lines.
    private const int LongestField = 2048;

    public static string Of(S3Call call, TimeSpan took)
    {
        var http = call.Http;
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var tls = http.Features.Get<ITlsHandshakeFeature>();
        string?[] fields =
        [
            call.Bucket.ProjectId,
            call.Bucket.Name,
            Instants.Of(call.Now).ToString("'['dd/MMM/yyyy:HH:mm:ss +0000']'", CultureInfo.InvariantCulture),
            http.Connection.RemoteIpAddress?.ToString(),
            call.Caller.IsAnonymous ? null : call.Caller.Arn.Length > 0 && call.Caller.Rights is not null ? call.Caller.Arn : call.Caller.UserId,
            call.RequestId,
            LogOperations.Of(call),
            call.Target.Key is { } key ? Percent.Encode(key, "/") : null,
            Quoted($"{http.Request.Method} {raw} {http.Request.Protocol}"),
            http.Response.StatusCode.ToString(CultureInfo.InvariantCulture),
            call.Meter?.Code,
            call.Meter?.SentBytes is > 0 and var sent ? sent.ToString(CultureInfo.InvariantCulture) : null,
            call.LoggedSize?.ToString(CultureInfo.InvariantCulture),
            ((long)took.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
            null,
            Quoted(call.Header("Referer")),
            Quoted(call.Header("User-Agent")),
            call.Query("versionId") is { } version ? Percent.Encode(version[..Math.Min(version.Length, LongestField)]) : null,
            call.RequestId,
            Signature(call),
            tls?.NegotiatedCipherSuite?.ToString(),
            AuthType(call),
            http.Request.Host.Value,
            tls?.Protocol switch { SslProtocols.Tls12 => "TLSv1.2", SslProtocols.Tls13 => "TLSv1.3", _ => null },
            null,
            null,
        ];
        return string.Join(' ', fields.Select(f => string.IsNullOrEmpty(f) ? "-" : f)) + "\n";
    }

    private static string? Signature(S3Call call) => call.Caller.IsAnonymous ? null
        : call.Header("Authorization")?.StartsWith("AWS ", StringComparison.Ordinal) == true || call.Query("AWSAccessKeyId") is not null ? "SigV2" : "SigV4";

    private static string? AuthType(S3Call call) => call.Caller.IsAnonymous ? null : call.Header("Authorization") is not null ? "AuthHeader" : "QueryString";

    // What a client sends must not begin a line or end a field of its own.
    private static string? Quoted(string? text) => string.IsNullOrEmpty(text) ? null
        : $"\"{string.Concat(text.Take(LongestField).Select(c => c is '"' or '\\' || char.IsControl(c) ? $"%{(int)c:X2}" : c.ToString()))}\"";
}
