using System.Globalization;
using System.Text.RegularExpressions;

namespace Ciel.Services.Compute;

/// <summary>Instants (µs UTC) in the forms that Nova's views use.</summary>
internal static partial class Stamp
{
    /// <summary>Such as <c>2026-11-22T22:00:00Z</c>.</summary>
    public static string Zulu(long micros) => Time(micros).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>2026-11-22T22:00:00.000000</c>.</summary>
    public static string Micro(long micros) => Time(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Micro(long)"/>
    public static string? Micro(long? micros) => micros is { } at ? Micro(at) : null;

    /// <summary>Reads ISO 8601 with or without fraction and zone (UTC where there is none); null for anything else.</summary>
    public static long? Parse(string text) =>
        Iso().IsMatch(text) && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
            : null;

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,7})?)?(Z|[+-]\d\d:?\d\d)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Iso();

    private static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
