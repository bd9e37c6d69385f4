namespace Ciel.Services.Billing.Calendar;

/// <summary>A customer's time zone, by its name in the IANA database: days and months begin at its midnight, also where clocks change.</summary>
internal sealed class Zone
{
    private readonly TimeZoneInfo _zone;

    private Zone(TimeZoneInfo zone) => _zone = zone;

    /// <summary>Coordinated universal time.</summary>
    public static Zone Utc { get; } = new(TimeZoneInfo.Utc);

    /// <summary>Such as <c>Europe/Berlin</c>.</summary>
    public string Name => _zone.Id;

    /// <summary>The zone of that name; null where there is none.</summary>
    public static Zone? Find(string name) =>
        name == "UTC" ? Utc : name.All(c => char.IsAsciiLetterOrDigit(c) || "/_+-".Contains(c)) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? new(zone) : null;

    /// <summary>When a day begins, µs UTC: at midnight, the first of two, or where clocks skip it the first instant after.</summary>
    public long Start(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (_zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(1);
        }

        var offset = _zone.IsAmbiguousTime(midnight) ? _zone.GetAmbiguousTimeOffsets(midnight).Max() : _zone.GetUtcOffset(midnight);
        return Micros.Of(new DateTimeOffset(midnight, offset));
    }

    /// <summary>The day on which an instant lies.</summary>
    /// <param name="micros">µs UTC.</param>
    public DateOnly Day(long micros) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.UnixEpoch.AddMicroseconds(micros), _zone).DateTime);
}
