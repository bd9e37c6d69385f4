using System.Security.Cryptography;
using System.Text;
using Ciel.Services.ObjectStorage.Door;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>What SigV4 signs of a request ("Create a signed AWS API request", steps 1 to 3; S3 encodes paths once and normalises nothing).</summary>
internal static class CanonicalRequest
{
    public const string Signature = "X-Amz-Signature";

    public static string ToSign(HttpRequest request, Target target, IReadOnlyList<string> headers, string payload, string timestamp, Credential credential)
    {
        var canonical = new StringBuilder(512)
            .Append(request.Method).Append('\n')
            .Append(Percent.Encode(target.Path, "/")).Append('\n')
            .Append(Query(target)).Append('\n');
        foreach (var name in headers)
        {
            canonical.Append(name).Append(':').Append(Value(request, name)).Append('\n');
        }

        canonical.Append('\n').AppendJoin(';', headers).Append('\n').Append(payload);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(canonical.ToString())));
        return $"AWS4-HMAC-SHA256\n{timestamp}\n{credential.Scope}\n{hash}";
    }

    private static string Query(Target target) => string.Join('&', target.Query
        .Where(q => !q.Name.Equals(Signature, StringComparison.OrdinalIgnoreCase))
        .Select(q => (Name: Percent.Encode(q.Name), Value: Percent.Encode(q.Value)))
        .OrderBy(q => q.Name, StringComparer.Ordinal).ThenBy(q => q.Value, StringComparer.Ordinal)
        .Select(q => q.Name + "=" + q.Value));

    // Kestrel hides a Host that came twice, and gives Content-Length as a number: both read back as they were sent.
    private static string Value(HttpRequest request, string name) =>
        string.Join(',', request.Headers[name].Select(value => Folded(AsBytes(name, value ?? ""))));

    // One character for each byte that was sent: users' own headers come so, all others were decoded.
    private static string AsBytes(string name, string value) => name.StartsWith("x-amz-meta-", StringComparison.Ordinal) ? value : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value));

    private static string Folded(string value)
    {
        var trimmed = value.Trim();
        return trimmed.Contains("  ", StringComparison.Ordinal) ? string.Join(' ', trimmed.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : trimmed;
    }
}
