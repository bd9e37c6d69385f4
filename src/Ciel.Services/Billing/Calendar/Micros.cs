namespace Ciel.Services.Billing.Calendar;

/// <summary>How billing counts time: whole µs, instants since 1970 UTC.</summary>
internal static class Micros
{
    /// <summary>µs in a second.</summary>
    public const long Second = 1_000_000;

    /// <summary>µs in an hour.</summary>
    public const long Hour = 3600 * Second;

    /// <summary>µs in 24 hours.</summary>
    public const long Day = 24 * Hour;

    /// <summary>An instant, µs UTC.</summary>
    public static long Of(DateTimeOffset instant) => (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
