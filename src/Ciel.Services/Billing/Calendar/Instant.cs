using System.Globalization;

namespace Ciel.Services.Billing.Calendar;

/// <summary>Instants as text: RFC 3339.</summary>
internal static class Instant
{
    /// <summary>µs UTC as <c>2026-01-31T00:00:00Z</c>; with six decimals where it is no whole second.</summary>
    public static string Text(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros)
        .ToString(micros % 1_000_000 == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>A day (its first instant, UTC) or an instant, µs UTC; null where the text is neither.</summary>
    public static long? Parse(string text)
    {
        string[] shapes = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss.FFFFFFK"];
        return DateTimeOffset.TryParseExact(text, shapes, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Micros.Of(at) : null;
    }
}
