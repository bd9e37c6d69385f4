namespace Ciel.Core.Store;

/// <summary>The injected clock in µs UTC, never going back within this process.</summary>
internal sealed class SqliteClock(TimeProvider time)
{
    private long last;

    public long Now()
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var before = Volatile.Read(ref last);
        while (now > before)
        {
            var seen = Interlocked.CompareExchange(ref last, now, before);
            if (seen == before) return now;
            before = seen;
        }

        return before;
    }
}
