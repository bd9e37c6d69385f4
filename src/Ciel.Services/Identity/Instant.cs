using System.Globalization;
using Ciel.Core.Errors;

namespace Ciel.Services.Identity;

/// <summary>Instants as Keystone writes them: <c>2026-11-22T22:00:00.000000Z</c>.</summary>
internal static class Instant
{
    private const string Format = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    /// <summary>µs UTC as text.</summary>
    public static string Text(long micros) => Time(micros).ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Text as µs UTC; with or without fraction and zone.</summary>
    /// <exception cref="Fault">400 for anything else.</exception>
    public static long Parse(string text) => DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        && text.Length > 9 && char.IsAsciiDigit(text[0])
        ? (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
        : throw Fault.BadRequest($"'{text}' is not a time such as 2030-01-31T12:00:00.000000Z.");

    private static DateTime Time(long micros) => DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
