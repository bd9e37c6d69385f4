using System.Globalization;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>A SigV4 credential: <c>ACCESS/DAY/REGION/s3/aws4_request</c>.</summary>
internal sealed record Credential(string Access, string Day, string Region, string Service)
{
    // Keys derived for a scope are kept, so that it must not be of any length.
    private const int LongestName = 64;

    public string Scope => $"{Day}/{Region}/{Service}/aws4_request";

    /// <summary>Reads it; the access key may itself hold slashes.</summary>
    public static Credential? Parse(string? text)
    {
        var parts = (text ?? "").Split('/');
        return parts.Length >= 5 && parts[^1] == "aws4_request" && parts[^4].Length == 8 && parts[^3].Length <= LongestName && parts[^2].Length <= LongestName
            ? new Credential(string.Join('/', parts[..^4]), parts[^4], parts[^3], parts[^2])
            : null;
    }

    /// <summary>The instant of an <c>X-Amz-Date</c>, µs UTC; null where it is none.</summary>
    public static long? Instant(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value)
            ? Xml.Instants.Micros(value)
            : null;

    public static S3Fault Malformed(string what) => new(400, "AuthorizationHeaderMalformed", $"The authorization header is malformed; {what}");
}
