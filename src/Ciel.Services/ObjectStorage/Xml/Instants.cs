using System.Globalization;

namespace Ciel.Services.ObjectStorage.Xml;

/// <summary>Instants as S3 writes and reads them.</summary>
internal static class Instants
{
    private const long Second = 1_000_000;
    private static readonly long Earliest = Micros(DateTimeOffset.MinValue);
    private static readonly long Latest = Micros(DateTimeOffset.MaxValue);

    public static DateTimeOffset Of(long micros) => DateTimeOffset.UnixEpoch.AddTicks(Math.Clamp(micros, Earliest, Latest) * TimeSpan.TicksPerMicrosecond);

    public static long Micros(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>As in XML.</summary>
    public static string Iso(long micros) => Of(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>As in headers (RFC 9110, 5.6.7).</summary>
    public static string Http(long micros) => Of(micros).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Without the fraction that headers cannot say.</summary>
    public static long Seconds(long micros) => micros / Second * Second;

    /// <summary>An HTTP date; null where it is none. The day of the week is not looked at: clients err there and nothing hangs on it.</summary>
    public static long? ParseHttp(string? text) =>
        text is not null && DateTimeOffset.TryParse(text.AsSpan(text.IndexOf(',', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value) ? Micros(value) : null;

    /// <summary>An ISO 8601 date; null where it is none.</summary>
    public static long? ParseIso(string? text) => text is { Length: > 9 } && char.IsAsciiDigit(text[0]) ? ParseHttp(text) : null;
}
