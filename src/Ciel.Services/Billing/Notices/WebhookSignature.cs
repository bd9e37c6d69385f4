using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Services.Billing.Notices;

/// <summary>Signatures as standardwebhooks.com has them: HMAC-SHA256 over <c>id.timestamp.body</c>, in three headers. Pure.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimeHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    private const string Prefix = "whsec_";

    /// <summary>How far a message's time may be from ours, seconds: who heard one cannot send it again later.</summary>
    public const long Tolerance = 300;

    /// <summary>A secret of 24 bytes in its usual form.</summary>
    public static string Secret(ReadOnlySpan<byte> bytes) => Prefix + Convert.ToBase64String(bytes);

    /// <summary>The signature of a message.</summary>
    /// <param name="secret">As <see cref="Secret"/> makes it.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="seconds">When it was sent, seconds since 1970.</param>
    /// <param name="body">Its bytes.</param>
    public static string Of(string secret, string id, long seconds, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}."));
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), (byte[])[.. head, .. body]));
    }

    /// <summary>Whether one of a message's signatures is right and it is fresh.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="header">A header's value by its name; null where it is missing.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="now">Seconds since 1970.</param>
    public static bool IsGood(string secret, Func<string, string?> header, ReadOnlySpan<byte> body, long now)
    {
        if (header(IdHeader) is not { Length: > 0 } id || header(SignatureHeader) is not { } given
            || !long.TryParse(header(TimeHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(seconds - now) > Tolerance)
        {
            return false;
        }

        var right = Encoding.UTF8.GetBytes(Of(secret, id, seconds, body));
        return given.Split(' ').Any(one => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), right));
    }
}
