using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Core.Http;

/// <summary>Signs requests that go out to S3 and its kin (AWS Signature Version 4, in the Authorization header).</summary>
/// <param name="access">The access key.</param>
/// <param name="secret">What signs.</param>
/// <param name="region">The region that the target signs with.</param>
/// <param name="service">Such as <c>s3</c>.</param>
public sealed class SigV4(string access, string secret, string region, string service)
{
    /// <summary>The payload's hash where the body is not signed.</summary>
    public const string Unsigned = "UNSIGNED-PAYLOAD";

    /// <summary>Adds date, payload hash and signature. The path goes out as the URL has it, encoded once.</summary>
    /// <param name="request">The request with all its x-amz headers; the query's names and values are encoded.</param>
    /// <param name="payload">The body's SHA-256 in hex, or <see cref="Unsigned"/>.</param>
    /// <param name="now">When.</param>
    public void Sign(HttpRequestMessage request, string payload, DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("x-amz-date", stamp);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", payload);
        var signed = request.Headers.NonValidated.Where(h => h.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            .Select(h => (Name: h.Key.ToLowerInvariant(), Value: h.Value.ToString().Trim())).Append(("host", request.RequestUri!.Authority)).OrderBy(h => h.Item1, StringComparer.Ordinal).ToList();
        var names = string.Join(';', signed.Select(h => h.Item1));
        var canonical = $"{request.Method}\n{request.RequestUri.AbsolutePath}\n{Query(request.RequestUri)}\n{string.Concat(signed.Select(h => $"{h.Item1}:{h.Item2}\n"))}\n{names}\n{payload}";
        var scope = $"{stamp[..8]}/{region}/{service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={names}, Signature={Hex(HMACSHA256.HashData(Key(scope), Encoding.UTF8.GetBytes(toSign)))}");
    }

    private byte[] Key(string scope)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return key;
    }

    private static string Query(Uri url) => string.Join('&', url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
