namespace Ciel.Tests.Trust;

/// <summary>A clock that moves when told.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long ticks = new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public void Pass(TimeSpan span) => Interlocked.Add(ref ticks, span.Ticks);
}
